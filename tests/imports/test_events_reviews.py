"""A decided review is told once for each target that follows, with its new links."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob, MappingReview
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer, refer
from tests.imports.batching import done, one
from tests.imports.mapped import client
from tests.imports.sending import send
from tests.webhooks import rows
from tests.webhooks.telling import told, types
from webhooks.models import Delivery, Event
from webhooks.payload.shape import Options

pytestmark = pytest.mark.django_db

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1"}


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    """Two customers with one number."""
    return [customer(tenant, number="K-1"), customer(tenant, number="K-1")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    """A client that looks for numbers, creates nothing, and wants to hear of decisions."""
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    rows.subscription(api.client, "customer_mapping.resolved", "target.updated")
    return api


def _review() -> MappingReview:
    return MappingReview.objects.get(status="open")


def _spoken(payload: dict[str, Any]) -> tuple[str, str, str, int]:
    review, target = payload["mappingReview"], payload["target"]
    return review["status"], review["mappingStatus"], target["externalId"], target["revision"]


def test_each_target_that_follows_a_decision_is_told_with_its_new_customer(
    crm: Api, pair: list[Customer]
) -> None:
    done(crm, [one(1, customer=SENT), one(2, customer=SENT), one(3)])
    refer(factories.source_system(pair[1].tenant, "other"), "FOREIGN", pair[1])
    review = link_review(review=_review(), record=pair[1], actor=None)
    assert types() == ["customer_mapping.resolved"] * 2
    first, second = told()
    assert [_spoken(one) for one in (first, second)] == [
        ("Linked", "Mapped", "T-1", 2),
        ("Linked", "Mapped", "T-2", 2),
    ]
    assert first["mappingReview"] == {
        "id": review.pk,
        "kind": "customer",
        "externalId": "C-1",
        "status": "Linked",
        "mappingStatus": "Mapped",
        "decidedAt": (review.decided_at or review.created_at).isoformat().replace("+00:00", "Z"),
    }
    assert first["customer"] == {
        "ordinavoCustomerId": pair[1].pk,
        "externalId": "C-1",
        "customerNumber": "K-1",
        "name": pair[1].name,
    }
    assert first["target"]["lastImportJobId"] == ImportJob.objects.get().pk
    event = Event.objects.order_by("id")[0]
    assert (event.client, event.source_system) == (None, crm.client.source_system)
    assert (event.subject_type, event.subject_id) == (
        "targets.target",
        Target.objects.get(external_id="T-1").pk,
    )


def test_creating_and_dismissing_are_told_too(crm: Api, pair: list[Customer]) -> None:
    send(crm, customer=SENT)
    create_from_review(review=_review(), actor=None)
    send(crm, externalId="T-2", customer={**SENT, "externalId": "C-2"})
    dismiss_review(review=_review(), actor=None)
    created, dismissed = told()
    assert (_spoken(created), created["customer"]["externalId"]) == (("Created", "Mapped", "T-1", 2), "C-1")
    assert _spoken(dismissed) == ("Dismissed", "NotMapped", "T-2", 1)
    assert "customer" not in dismissed


def test_a_target_that_has_moved_on_is_not_told(crm: Api, pair: list[Customer]) -> None:
    send(crm, customer=SENT)
    send(crm, customer=None)
    Event.objects.all().delete()
    link_review(review=_review(), record=pair[0], actor=None)
    assert types() in ([], ["customer_mapping.resolved"])
    assert all("customer" not in one for one in told())


def test_all_clients_of_the_source_system_hear_of_a_decision_and_no_other(
    crm: Api, erp: IntegrationClient, pair: list[Customer]
) -> None:
    mine = rows.subscription(erp, "customer_mapping.*")
    rows.subscription(factories.client(erp.tenant, source="other"), "customer_mapping.*")
    send(crm, customer=SENT)
    link_review(review=_review(), record=pair[0], actor=None)
    told_to = set(Delivery.objects.values_list("subscription__client_id", flat=True))
    assert told_to == {crm.client.pk, erp.pk}
    assert mine.deliveries.count() == 1


def test_without_customer_context_a_decision_says_nothing_of_the_customer(
    crm: Api, pair: list[Customer]
) -> None:
    send(crm, customer=SENT)
    link_review(review=_review(), record=pair[0], actor=None)
    [payload] = told(options=Options(customers_read=True, customer_context=False))
    assert list(payload)[7:] == ["target", "mappingReview"]
    assert list(payload["mappingReview"]) == ["id", "kind", "status", "mappingStatus", "decidedAt"]


def test_a_decision_costs_the_same_for_any_number_of_targets(crm: Api, tenant: Tenant) -> None:
    def cost(name: str, count: int) -> int:
        pair = [customer(tenant, number=name), customer(tenant, number=name)]
        sent = {"externalId": name, "customerNumber": name, "name": name}
        done(crm, [one(f"{name}-{number}", customer=sent) for number in range(count)])
        with CaptureQueriesContext(connection) as captured:
            link_review(review=_review(), record=pair[0], actor=None)
        return sum("webhooks_" in query["sql"] or "min(external_id" in query["sql"] for query in captured)

    assert cost("A", 1) == cost("B", 40) == 4
