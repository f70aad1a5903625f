"""Taking back: what has not begun is cancelled, its targets are open again."""

import pytest

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.models import Route, Stop
from targets.routes.services.unpublishing import unpublish_route
from targets.visits.models import Appointment
from tests.api import Api
from tests.routes.rows import drafted, fresh, published, route_of, stops_of, targets
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db


def begin(stop: Stop) -> None:
    """Let the employee start to work there."""
    Appointment.objects.filter(stop=stop).update(status="Started")
    Target.objects.filter(pk=stop.target_id).update(status="InProgress")


def test_a_route_is_taken_back_whole_and_can_be_published_again(api: Api, tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2))
    published(draft)
    back = unpublish_route(route=route_of(draft), actor=None)
    assert (len(back.cancelled), back.kept) == (2, 0)
    assert set(Appointment.objects.values_list("status", "cancelled_because")) == {
        ("Cancelled", "unpublished")
    }
    assert set(Target.objects.values_list("status", "revision")) == {("Open", 3)}
    assert (route_of(draft).status, fresh(draft).status, fresh(draft).decided_at) == (
        "Unpublished",
        "Draft",
        None,
    )
    for stop in stops_of(draft):
        assert api.get(f"/targets/{stop.target_id}").json()["appointment"] is None

    published(draft)
    assert Appointment.objects.filter(status="Scheduled").count() == 2
    assert {stop.appointment.status for stop in stops_of(draft) if stop.appointment} == {"Scheduled"}


def test_what_has_begun_stays(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 3))
    published(draft)
    first = stops_of(draft)[0]
    begin(first)
    back = unpublish_route(route=route_of(draft), actor=None)
    assert (len(back.cancelled), back.kept) == (2, 1)
    assert (route_of(draft).status, fresh(draft).status) == ("Published", "Published")
    first.target.refresh_from_db()
    assert first.target.status == "InProgress"
    with pytest.raises(Conflict, match="nothing to take back"):
        unpublish_route(route=route_of(draft), actor=None)


def test_a_draft_cannot_be_taken_back(tenant: Tenant) -> None:
    for _ in range(2):
        employee(tenant, max_stops=1)
    draft = drafted(tenant, targets(tenant, 2))
    first, second = Route.objects.order_by("number")
    with pytest.raises(Conflict, match="is a draft, not published"):
        unpublish_route(route=first, actor=None)
    published(draft, route_ids=[first.pk])
    with pytest.raises(Conflict, match="not published"):
        unpublish_route(route=second, actor=None)
    assert Appointment.objects.get().status == "Scheduled"
