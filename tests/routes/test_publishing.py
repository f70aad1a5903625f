"""Publishing: what is planned becomes appointments, once, and only as far as it still holds."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import AuditEntry, Tenant, User
from targets.models import Target
from targets.routes.models import Route
from targets.routes.services.publishing import publish_routes
from targets.visits.models import Absence, Appointment, Employee
from tests import factories
from tests.api import Api
from tests.routes.rows import drafted, fresh, published, reasons, route_of, stops_of, target, targets
from tests.visits.rows import DAY, employee

pytestmark = pytest.mark.django_db


def test_stops_become_appointments_and_targets_are_scheduled(tenant: Tenant) -> None:
    person = employee(tenant)
    wanted = targets(tenant, 3)
    draft = drafted(tenant, wanted)
    done = published(draft)
    assert ([one.number for one in done.routes], done.dropped) == ([1], [])
    stops = stops_of(draft)
    for stop in stops:
        made = stop.appointment
        assert made is not None
        assert (made.employee, made.day, made.status, made.sequence) == (
            person,
            DAY,
            "Scheduled",
            stop.sequence,
        )
        assert (made.planned_start, made.planned_end) == (stop.work_starts_at, stop.departs_at)
        assert (made.travel_minutes, made.travel_meters) == (stop.travel_minutes, stop.travel_meters)
        assert (stop.target.status, stop.target.revision) == ("Scheduled", 2)
        assert (made.target_revision, made.is_changed) == (2, False)
    route, row = route_of(draft), fresh(draft)
    assert (route.status, row.status, row.revision) == ("Published", "Published", draft.revision + 1)
    assert route.published_at is not None
    assert row.decided_at is not None


def test_a_planned_target_is_read_with_its_appointment(api: Api, tenant: Tenant) -> None:
    employee(tenant)
    wanted = target(tenant)
    assert api.get(f"/targets/{wanted.pk}").json()["appointment"] is None
    draft = drafted(tenant, [wanted])
    published(draft)
    made = Appointment.objects.get()
    told = api.get(f"/targets/{wanted.pk}").json()
    assert (told["status"], told["revision"]) == ("Scheduled", 2)
    assert told["appointment"] == {
        "id": made.pk,
        "status": "Scheduled",
        "startUtc": made.planned_start.isoformat().replace("+00:00", "Z"),
    }


def test_some_routes_can_be_published_and_the_others_later(tenant: Tenant) -> None:
    for _ in range(2):
        employee(tenant, max_stops=2)
    draft = drafted(tenant, targets(tenant, 4))
    first, second = Route.objects.order_by("number")
    published(draft, route_ids=[second.pk])
    assert list(Route.objects.order_by("number").values_list("status", flat=True)) == ["Draft", "Published"]
    assert (fresh(draft).status, Appointment.objects.count()) == ("Published", 2)
    published(draft)
    assert Appointment.objects.count() == 4
    with pytest.raises(Conflict, match="no such route"):
        published(draft)
    with pytest.raises(Conflict, match="no such route"):
        published(draft, route_ids=[first.pk])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "Cancelled"}, "not_open"),
        ({"status": "Scheduled"}, "not_open"),
        ({"latitude": 51.0}, "changed_since_draft"),
        ({"estimated_work_minutes": 31}, "changed_since_draft"),
        ({"route_date": DAY + timedelta(1)}, "changed_since_draft"),
        ({"fixed_time": True, "time_window_start": "2026-07-01T09:00:00Z"}, "changed_since_draft"),
    ],
)
def test_stops_that_are_no_longer_what_was_planned_are_dropped_and_said_so(
    tenant: Tenant, change: dict[str, Any], code: str
) -> None:
    employee(tenant)
    wanted = targets(tenant, 3)
    draft = drafted(tenant, wanted)
    gone = stops_of(draft)[1].target_id
    Target.objects.filter(pk=gone).update(revision=2, **change)
    done = published(draft)
    assert [(one.target_id, one.code) for one in done.dropped] == [(gone, code)]
    assert reasons(draft) == {gone: code}
    assert [stop.sequence for stop in stops_of(draft)] == [1, 2]
    assert gone not in Appointment.objects.values_list("target_id", flat=True)
    assert Target.objects.get(pk=gone).revision == 2
    summary = fresh(draft).summary
    assert (summary["stops"], summary["excluded"], summary["workMinutes"]) == (2, 1, 60)


def test_what_does_not_touch_the_plan_drops_nothing(tenant: Tenant) -> None:
    employee(tenant)
    wanted = target(tenant)
    draft = drafted(tenant, [wanted])
    Target.objects.update(title="Other", priority="Urgent", due_date=DAY, revision=7)
    assert published(draft).dropped == []
    made = Appointment.objects.get()
    assert (made.target_revision, made.is_changed) == (8, False)


def test_a_draft_of_which_everything_was_dropped_stays_one(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    Target.objects.update(status="Cancelled")
    done = published(draft)
    assert (len(done.dropped), done.routes, fresh(draft).status) == (2, [], "Draft")
    assert not Route.objects.exists()
    assert not Appointment.objects.exists()


def test_the_second_of_two_managers_is_told_that_the_draft_was_changed(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    published(draft)
    with pytest.raises(Conflict, match="Somebody else has changed"):
        publish_routes(suggestion=draft, revision=draft.revision, actor=None)
    assert Appointment.objects.count() == 2


def test_of_two_drafts_for_one_person_the_second_is_refused(tenant: Tenant) -> None:
    employee(tenant, name="Anna")
    first, second = (drafted(tenant, targets(tenant, 2)) for _ in range(2))
    published(first)
    with pytest.raises(Conflict, match="other visits were published on 2026-07-01 for: Anna"):
        published(second)
    assert (fresh(second).status, Appointment.objects.count()) == ("Draft", 2)


def test_a_draft_that_knew_of_the_others_visits_is_published_beside_them(tenant: Tenant) -> None:
    employee(tenant)
    published(drafted(tenant, targets(tenant, 2)))
    published(drafted(tenant, targets(tenant, 2)))
    assert Appointment.objects.count() == 4
    spans = list(Appointment.objects.order_by("planned_start").values_list("planned_start", "planned_end"))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_two_drafts_for_different_people_do_not_disturb_each_other(tenant: Tenant) -> None:
    people = [employee(tenant) for _ in range(2)]
    drafts = [drafted(tenant, targets(tenant, 2), employee_ids=[one.pk]) for one in people]
    for draft in drafts:
        published(draft)
    assert Appointment.objects.count() == 4


@pytest.mark.parametrize("why", ["absent", "left"])
def test_people_who_do_not_work_any_more_get_no_visits(tenant: Tenant, why: str) -> None:
    person = employee(tenant, name="Anna")
    draft = drafted(tenant, targets(tenant, 1))
    if why == "absent":
        Absence.objects.create(employee=person, first_day=DAY, last_day=DAY)
    else:
        Employee.objects.update(active=False)
    with pytest.raises(Conflict, match="do not work any more: Anna"):
        published(draft)
    assert not Appointment.objects.exists()


def test_nothing_in_a_test_twin_is_planned_live(tenant: Tenant) -> None:
    twin = factories.twin(tenant)
    employee(twin)
    draft = drafted(twin, targets(twin, 1))
    assert draft.status == "Draft"
    with pytest.raises(Conflict, match="nothing here is planned live"):
        published(draft)
    assert not Appointment.objects.exists()


def test_who_published_is_written_down(tenant: Tenant) -> None:
    employee(tenant)
    actor = User.objects.create_user("manager@x.example")
    draft = drafted(tenant, targets(tenant, 1))
    published(draft, actor=actor)
    entry = AuditEntry.objects.get(action="route_suggestion.published")
    assert (entry.actor, entry.details) == (actor, {"routes": [1], "stops": 1, "dropped": 0})
    assert (fresh(draft).decided_by, route_of(draft).published_by) == (actor, actor)


def test_the_number_of_statements_does_not_depend_on_the_number_of_stops(tenant: Tenant) -> None:
    employee(tenant)
    counts = []
    for number in (2, 6):
        draft = drafted(tenant, targets(tenant, number))
        with CaptureQueriesContext(connection) as captured:
            published(draft)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 32
