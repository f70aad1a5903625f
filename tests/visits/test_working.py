"""An employee works visits off: states, times, what is written down, what is told, what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.errors import NotFound, ValidationFailed
from ordinavo.tenants.models import Role, Tenant
from ordinavo.tenants.services.members import add_member
from targets.models import Target
from targets.visits.models import Appointment, Submission, VisitReport
from targets.visits.states import MoveRefused
from tests import factories
from tests.api import Api
from tests.imports.sending import imported, result, send
from tests.visits import field
from tests.visits.deciding import customer, location
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import strings, told, types
from webhooks.models import Event
from webhooks.payload.shape import Options

pytestmark = pytest.mark.django_db

ALL = ("target.*", "appointment.*", "visit_report.*")


@pytest.fixture
def visit(tenant: Tenant) -> Appointment:
    [one] = field.day_of(tenant)
    return one


def fresh(visit: Appointment) -> Appointment:
    return Appointment.objects.select_related("target").get(pk=visit.pk)


def test_a_visit_is_started_and_completed_and_its_target_with_it(
    api: Api, erp: IntegrationClient, visit: Appointment
) -> None:
    rows.subscription(erp, *ALL)
    before = timezone.now()
    began, ended = before - timedelta(minutes=50), before - timedelta(minutes=5)

    field.start(visit, at=began)
    now = fresh(visit)
    assert (now.status, now.started_at, now.ended_at) == ("Started", began, None)
    assert now.start_heard_at is not None
    assert now.start_heard_at >= before
    shown = api.get(f"/targets/{visit.target_id}").json()
    assert (shown["status"], shown["appointment"]["status"]) == ("InProgress", "Started")
    assert not now.is_changed

    field.complete(visit, at=ended)
    now = fresh(visit)
    assert (now.status, now.started_at, now.ended_at) == ("Completed", began, ended)
    assert now.end_heard_at is not None
    shown = api.get(f"/targets/{visit.target_id}").json()
    assert (shown["status"], shown["revision"]) == ("Completed", 4)
    assert (shown["appointment"]["id"], shown["appointment"]["status"]) == (visit.pk, "Completed")
    assert types() == ["appointment.started", "appointment.completed", "target.completed"]
    assert not VisitReport.objects.exists()


def test_the_target_is_found_by_those_who_ask_for_what_was_updated(api: Api, visit: Appointment) -> None:
    Target.objects.update(updated_at=timezone.now() - timedelta(days=1))
    since = (timezone.now() - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert api.get(f"/targets?updatedSince={since}&status=InProgress").json()["results"] == []
    field.start(visit)
    [shown] = api.get(f"/targets?updatedSince={since}&status=InProgress").json()["results"]
    assert shown["appointment"] == {
        "id": visit.pk,
        "status": "Started",
        "startUtc": visit.planned_start.isoformat().replace("+00:00", "Z"),
    }


def test_events_tell_when_it_happened_at_whose_site_and_never_who_came(
    erp: IntegrationClient, tenant: Tenant
) -> None:
    site = location(customer(tenant))
    who = employee(tenant, name="Kim Wanderer")
    secret: dict[str, Any] = {
        "expected_revenue": "98765.43",
        "customer_tier": "Platinum",
        "close_probability": 77.5,
    }
    site.access_notes = "Key under the mat"
    site.save()
    [visit] = field.day_of(tenant, who=who, location=site, customer=site.customer, **secret)
    rows.subscription(erp, *ALL)
    began = timezone.now() - timedelta(minutes=50)
    field.start(visit, at=began)
    [payload] = told("appointment.started")
    assert payload["appointment"] == {
        "id": visit.pk,
        "status": "Started",
        "targetId": visit.target_id,
        "startUtc": visit.planned_start.isoformat().replace("+00:00", "Z"),
        "endUtc": visit.planned_end.isoformat().replace("+00:00", "Z"),
        "startedAtUtc": began.isoformat().replace("+00:00", "Z"),
        "endedAtUtc": None,
    }
    assert (payload["customer"]["name"], payload["location"]["name"]) == (
        "Rhein-Ruhr Medical Supply",
        "Essen Center",
    )
    assert (payload["target"]["status"], payload["target"]["revision"]) == ("InProgress", 3)
    field.complete(visit)
    field.submit(visit)
    assert len(told()) == 5
    everything = Event.objects.values_list("snapshot", flat=True)
    for hidden in ("Kim Wanderer", "98765", "Platinum", "77.5", "under the mat"):
        assert hidden not in str(list(everything))
    [without] = told("visit_report.submitted", Options(customers_read=True, customer_context=False))
    assert "customer" not in without
    assert without["visitReport"]["title"] == visit.target.title


def test_the_history_says_who_did_it_and_when(tenant: Tenant) -> None:
    user = add_member(tenant=tenant, email="kim@x.example", role=Role.EMPLOYEE).user
    [visit] = field.day_of(tenant, who=employee(tenant, user=user))
    TimelineEntry.objects.all().delete()
    began = timezone.now() - timedelta(minutes=3)
    field.start(visit, at=began)
    field.complete(visit)
    field.submit(visit)
    lines = TimelineEntry.objects.filter(subject_type="targets.target", subject_id=visit.target_id)
    assert list(lines.order_by("id").values_list("action", "actor")) == [
        ("appointment.started", user.pk),
        ("appointment.completed", user.pk),
        ("visit_report.created", user.pk),
        ("visit_report.submitted", user.pk),
    ]
    first = lines.earliest("id")
    assert first.details == {
        "appointmentId": visit.pk,
        "at": began.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("started", [True, False])
def test_a_problem_ends_the_visit_and_hands_in_a_report_that_is_not_billable(
    api: Api, erp: IntegrationClient, visit: Appointment, started: bool
) -> None:
    if started:
        field.start(visit)
    rows.subscription(erp, *ALL)
    report = field.problem(visit, problem="no_access", text=" The gate is locked. ")
    now = fresh(visit)
    assert (now.status, now.target.status) == ("ProblemReported", "Problem")
    assert (now.started_at is not None, now.ended_at is not None) == (started, True)
    report.refresh_from_db()
    assert (report.status, report.result, report.problem, report.problems) == (
        "Submitted",
        "NotSuccessful",
        "no_access",
        "The gate is locked.",
    )
    assert (report.is_billable, report.billing_status) == (False, "NotBillable")
    assert types() == [
        "appointment.problem_reported",
        "visit_report.created",
        "visit_report.submitted",
        "visit_report.problem_reported",
    ]
    [payload] = told("visit_report.problem_reported")
    assert (payload["visitReport"]["status"], payload["visitReport"]["isBillable"]) == ("Submitted", False)
    assert (payload["target"]["status"], payload["appointment"]["status"]) == ("Problem", "ProblemReported")
    assert "no_access" not in set(strings(payload))
    shown = api.get(f"/targets/{visit.target_id}").json()
    assert (shown["status"], shown["appointment"]["status"]) == ("Problem", "ProblemReported")


def test_nobody_there_has_a_result_of_its_own_and_keeps_what_was_drafted(visit: Appointment) -> None:
    field.start(visit)
    drafted = field.draft(visit)
    report = field.problem(visit, problem="customer_absent", text="")
    assert (report.pk, report.result, report.summary) == (drafted.pk, "CustomerAbsent", "So far")
    assert report.version == 2


def test_an_import_opens_a_target_with_a_problem_again_and_it_is_planned_anew(
    api: Api, visit: Appointment
) -> None:
    target = visit.target
    field.problem(visit)
    assert imported(send(api, externalId=target.external_id, operation="update", title="Same"))
    target.refresh_from_db()
    assert (target.status, target.appointment_status) == ("Problem", "ProblemReported")
    send(api, externalId=target.external_id, operation="update", planning={"priority": "High"})
    shown = api.get(f"/targets/{target.pk}").json()
    assert (shown["status"], shown["appointment"]) == ("Open", None)
    target.refresh_from_db()
    [again] = field.scheduled([target], visit.employee)
    field.start(again)
    field.complete(again)
    assert list(Appointment.objects.order_by("id").values_list("status", flat=True)) == [
        "ProblemReported",
        "Completed",
    ]
    assert VisitReport.objects.get().appointment_id == visit.pk


def test_an_import_cancels_a_visit_while_the_employee_is_on_the_way(
    api: Api, visit: Appointment, erp: IntegrationClient
) -> None:
    rows.subscription(erp, *ALL)
    send(api, externalId=visit.target.external_id, operation="cancel")
    for act in (field.start, field.complete, field.problem, field.submit):
        with pytest.raises(MoveRefused, match="was cancelled") as refused:
            act(visit)
        assert refused.value.code == "appointment_cancelled"
    assert types() == ["appointment.cancelled", "target.cancelled"]
    assert not Submission.objects.exists()


def test_an_import_comes_too_late_once_work_has_begun(api: Api, visit: Appointment) -> None:
    field.start(visit)
    answer = send(api, externalId=visit.target.external_id, operation="cancel")
    assert result(answer) == "422 target_in_progress"
    assert fresh(visit).status == "Started"


def test_a_change_since_publication_is_still_seen_after_the_start(api: Api, visit: Appointment) -> None:
    send(api, externalId=visit.target.external_id, operation="update", title="Other")
    assert fresh(visit).is_changed
    field.start(visit)
    assert fresh(visit).is_changed


def test_a_visit_does_not_begin_before_its_day(visit: Appointment) -> None:
    tomorrow = timezone.now() + timedelta(days=2)
    Appointment.objects.update(day=tomorrow.date())
    for act in (field.start, field.problem):
        with pytest.raises(MoveRefused, match="It can't be started before that day") as refused:
            act(visit)
        assert refused.value.code == "not_today"
    assert fresh(visit).status == "Scheduled"


def test_what_was_left_over_can_still_be_done_later(visit: Appointment) -> None:
    Appointment.objects.update(day=timezone.now().date() - timedelta(days=3))
    field.start(visit)
    field.complete(visit)
    assert fresh(visit).status == "Completed"


def test_the_day_is_that_of_the_employee_not_of_the_server(tenant: Tenant) -> None:
    # At each moment it is tomorrow already, or still yesterday, somewhere.
    east = employee(tenant, time_zone="Pacific/Kiritimati")
    west = employee(tenant, time_zone="Etc/GMT+12")
    [one], [two] = field.day_of(tenant, who=east), field.day_of(tenant, who=west)
    Appointment.objects.update(day=(datetime.now(UTC) + timedelta(hours=14)).date())
    field.start(one)
    with pytest.raises(MoveRefused, match="before that day"):
        field.start(two)


def test_visits_of_others_are_not_found(tenant: Tenant, visit: Appointment) -> None:
    colleague = employee(tenant)
    stranger = employee(factories.tenant())
    for who in (colleague, stranger):
        for act in (field.start, field.complete, field.problem, field.draft, field.submit):
            with pytest.raises(NotFound, match="no such visit"):
                act(visit, employee=who)
    with pytest.raises(NotFound):
        field.start(visit, appointment_id=visit.pk + 1000)
    assert (fresh(visit).status, Submission.objects.count()) == ("Scheduled", 0)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"problem": "alien"}, "problem"),
        ({"problem": ""}, "problem"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"key": ""}, "key"),
        ({"key": "k" * 65}, "key"),
        ({"key": "ü"}, "key"),
        ({"key": "a\nb"}, "key"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(
    visit: Appointment, given: dict[str, str], path: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        field.problem(visit, **given)
    assert [one.path for one in refused.value.details] == [path]
    assert fresh(visit).status == "Scheduled"


def test_nothing_is_told_where_nobody_listens(visit: Appointment) -> None:
    field.start(visit)
    field.submit(visit)
    assert types() == []


def test_what_an_employee_does_costs_few_statements(
    visit: Appointment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The key; appointment, target and appointment again, locked; both stored; a line of history; who listens.
    around = 2
    with django_assert_num_queries(8 + around):
        field.start(visit)
    with django_assert_num_queries(8 + around):
        field.complete(visit)
    with django_assert_num_queries(13 + around):
        field.submit(visit)
