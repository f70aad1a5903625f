"""The bytes of all that imports tell, searched for what must never leave the house."""

import json

import pytest

from customers.models import Contact, Customer, Location
from integrations.models import IntegrationClient
from ordinavo.kernel.json_text import json_text
from ordinavo.tenants.models import Tenant
from targets.imports.models import MappingReview
from targets.imports.services.reviews import link_review
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.batching import done, one
from tests.webhooks import rows
from tests.webhooks.telling import EVERYTHING, payload_of
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Event, Subscription
from webhooks.payload.shape import Options

pytestmark = pytest.mark.django_db

OPTIONS = (EVERYTHING, Options(), Options(customers_read=True), Options(customer_context=False))


def _records(tenant: Tenant, mark: str) -> tuple[Customer, Location, Contact]:
    """Records of a tenant, everything about them marked."""
    owner = customer(tenant, number="N-1", name=f"Name {mark}", industry=f"industry {mark}")
    place = location(
        owner, name=f"Place {mark}", access_notes=f"access {mark}", parking_notes=f"parking {mark}"
    )
    return owner, place, contact(owner, display_name=f"Person {mark}")


def _everything_happens(api: Api, chosen: Customer) -> None:
    records = {
        "location": {"externalId": "L-1", "accessNotes": "access SECRET", "parkingNotes": "parking SECRET"},
        "contact": {"externalId": "P-1"},
        "customFields": {"note": "custom SECRET"},
        "description": "description SECRET",
    }
    done(api, [one(1, **records), one(2, customer={"externalId": "X", "customerNumber": "N-1", "name": "X"})])
    done(api, [one(1, title="Other"), one(2, operation="create"), one(3, title=5)])
    done(api, [one(1, operation="cancel")])
    link_review(review=MappingReview.objects.get(status="open"), record=chosen, actor=None)


def _bytes(options: Options) -> dict[str, str]:
    """By type, all that a subscription with these options would be sent."""
    sent: dict[str, str] = {}
    for event in Event.objects.select_related("tenant"):
        sent[event.type] = sent.get(event.type, "") + json.dumps(payload_of(event, options))
    return sent


@pytest.mark.parametrize("options", OPTIONS)
def test_nothing_foreign_and_nothing_internal_is_in_any_byte(
    tenant: Tenant, erp: IntegrationClient, options: Options
) -> None:
    strangers = factories.tenant()
    foreign = _records(strangers, "FOREIGN")
    other = factories.source_system(strangers, "logistics_erp")
    for external_id, record in zip(("X", "L-1", "P-1"), foreign, strict=True):
        refer(other, external_id, record)
    mine = _records(tenant, "mine")
    customer(tenant, number="N-1", name="Twin of the number")
    crm = factories.source_system(tenant, "crm")
    for record in mine:
        refer(crm, f"CRM-{record.pk}", record)
    refer(erp.source_system, "L-1", mine[1])
    refer(erp.source_system, "P-1", mine[2])
    erp.mapping_strategy = "ExternalIdThenCustomerNumber"
    erp.create_customers = False
    erp.save()
    subscription = rows.subscription(erp, *EVENT_TYPES)
    _everything_happens(Api(erp), mine[0])

    sent = _bytes(options)
    assert set(sent) == {
        "target.imported",
        "target.updated",
        "target.cancelled",
        "target.rejected",
        "import_job.completed",
        "customer_mapping.resolved",
    }
    everything = json_text(sent)
    marks = [
        "FOREIGN",
        "CRM-",
        "SECRET",
        "industry",
        "access",
        "parking",
        strangers.slug,
        subscription.secret,
    ]
    assert [mark for mark in marks if mark in everything] == []
    assert ("mine" in everything) is (options.customers_read and options.customer_context)
    assert not set(Event.objects.values_list("tenant_id", flat=True)) - {tenant.pk}


def test_snapshots_hold_no_marks_either(tenant: Tenant, erp: IntegrationClient) -> None:
    mine = _records(tenant, "mine")
    refer(factories.source_system(tenant, "crm"), "CRM-1", mine[1])
    refer(erp.source_system, "L-1", mine[1])
    rows.subscription(erp)
    done(Api(erp), [one(1, location={"externalId": "L-1"}, description="SECRET")])
    stored = json_text(list(Event.objects.values_list("snapshot", flat=True)))
    assert [mark for mark in ("CRM", "SECRET", "access", "parking") if mark in stored] == []
    assert "L-1" in stored


def test_a_subscription_of_another_tenant_with_the_same_source_key_hears_nothing(
    tenant: Tenant, erp: IntegrationClient
) -> None:
    stranger: Subscription = rows.subscription(factories.client(factories.tenant()), *EVENT_TYPES)
    rows.subscription(erp, *EVENT_TYPES)
    done(Api(erp), [one(1), one(2, title=5)])
    assert Target.objects.filter(tenant=tenant).exists()
    assert not stranger.deliveries.exists()
