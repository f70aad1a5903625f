"""What routes tell, and to whom: each source system its own stops, and never who drives."""

from typing import Any

import pytest

from integrations.models import IntegrationClient
from ordinavo.kernel.instants import instant
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.services.unpublishing import unpublish_route
from targets.routes.solving.work import work_suggestion
from targets.visits.models import Appointment
from tests import factories
from tests.routes.rows import asked, drafted, published, route_of, stops_of, target, targets
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import strings, told, types
from webhooks.models import Event, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(erp: IntegrationClient) -> Subscription:
    """A subscription to all that is told of routes."""
    return rows.subscription(erp, "target.*", "route.*", "appointment.*")


def block(event_type: str, name: str) -> Any:
    """That block of the only event of a type."""
    [payload] = told(event_type)
    return payload[name]


def test_a_draft_is_told_to_the_client_that_asked_and_to_nobody_else(
    erp: IntegrationClient, tenant: Tenant, everything: Subscription
) -> None:
    employee(tenant)
    rows.subscription(factories.client(tenant), "route.*")
    wanted = targets(tenant, 2)
    draft = drafted(tenant, wanted, client=erp, import_job_id=5)
    [payload] = told()
    assert list(payload) == [
        "eventId",
        "eventType",
        "occurredAt",
        "tenantId",
        "source",
        "payloadVersion",
        "correlationId",
        "routeSuggestion",
    ]
    assert (payload["eventType"], payload["correlationId"]) == (
        "route.suggestion.created",
        draft.correlation_id,
    )
    assert payload["routeSuggestion"] == {
        "id": draft.pk,
        "status": "Draft",
        "routeDate": "2026-07-01",
        "importJobId": 5,
        "summary": draft.summary,
    }
    event = Event.objects.get()
    assert (event.client, event.subject_type, event.subject_id) == (erp, "routes.routesuggestion", draft.pk)
    assert [one.subscription for one in event.deliveries.all()] == [everything]


def test_a_draft_that_a_manager_asked_for_is_told_to_nobody(tenant: Tenant, everything: Subscription) -> None:
    employee(tenant)
    drafted(tenant, targets(tenant, 1))
    assert told() == []


def test_a_published_target_is_told_with_its_appointment(tenant: Tenant, everything: Subscription) -> None:
    employee(tenant, name="Anna Albrecht")
    wanted = target(tenant)
    draft = drafted(tenant, [wanted])
    published(draft)
    assert types() == ["target.scheduled", "appointment.scheduled", "route.published"]
    made = Appointment.objects.get()
    appointment = {
        "id": made.pk,
        "status": "Scheduled",
        "targetId": wanted.pk,
        "startUtc": instant(made.planned_start),
        "endUtc": instant(made.planned_end),
        "startedAtUtc": None,
        "endedAtUtc": None,
    }
    for kind in ("target.scheduled", "appointment.scheduled"):
        assert block(kind, "appointment") == appointment
        assert block(kind, "target")["status"] == "Scheduled"
        assert block(kind, "target")["revision"] == 2
    subjects = dict(Event.objects.values_list("type", "subject_type"))
    assert subjects == {
        "target.scheduled": "targets.target",
        "appointment.scheduled": "visits.appointment",
        "route.published": "routes.route",
    }


def test_each_source_system_is_told_of_its_own_stops_only(tenant: Tenant, everything: Subscription) -> None:
    employee(tenant, name="Anna Albrecht")
    crm = factories.client(tenant, source="crm")
    rows.subscription(crm, "route.published")
    wanted = [target(tenant), target(tenant, source="crm"), target(tenant)]
    draft = drafted(tenant, wanted)
    published(draft)
    route = route_of(draft)
    told_of = Event.objects.filter(type="route.published").select_related("source_system")
    by_system = {str(event.source_system): event for event in told_of}
    for key, event in by_system.items():
        mine = [stop for stop in stops_of(draft) if str(stop.target.source_system) == key]
        assert event.snapshot["route"] == {
            "id": route.pk,
            "number": 1,
            "routeDate": "2026-07-01",
            "routeSuggestionId": draft.pk,
            "stops": [
                {
                    "sequence": stop.sequence,
                    "targetId": stop.target_id,
                    "externalId": stop.target.external_id,
                    "arrivalUtc": instant(stop.arrives_at),
                    "departureUtc": instant(stop.departs_at),
                }
                for stop in mine
            ],
        }
    assert set(by_system) == {"logistics_erp", "crm"}
    assert not Event.objects.filter(source_system=crm.source_system).exclude(type="route.published").exists()
    assert all("Anna" not in text for payload in told() for text in strings(payload))


def test_what_is_taken_back_is_told_with_its_open_target(tenant: Tenant, everything: Subscription) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 1))
    published(draft)
    before = types()
    unpublish_route(route=route_of(draft), actor=None)
    assert types() == [*before, "appointment.cancelled"]
    assert block("appointment.cancelled", "appointment")["status"] == "Cancelled"
    assert (block("appointment.cancelled", "target")["status"], Target.objects.get().revision) == ("Open", 3)


def test_a_suggestion_that_failed_is_told_without_a_summary(
    erp: IntegrationClient, tenant: Tenant, everything: Subscription
) -> None:
    suggestion = asked(tenant, targets(tenant, 1), client=erp)
    suggestion.attempts = 3
    suggestion.save()
    work_suggestion(suggestion.pk)
    assert block("route.suggestion.created", "routeSuggestion") == {
        "id": suggestion.pk,
        "status": "Failed",
        "routeDate": "2026-07-01",
        "importJobId": None,
        "summary": None,
    }
