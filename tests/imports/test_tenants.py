"""Tenants, their test twins and source systems never meet, whatever they have in common."""

from collections.abc import Callable
from typing import Any

import pytest

from customers.models import Contact, Customer, ExternalReference, Location, TimelineEntry
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.models import MappingReview
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.customers.rows import customer
from tests.imports.mapped import ids, mapped, told, without
from tests.imports.sending import imported, send

pytestmark = pytest.mark.django_db

SEEKING: dict[str, Any] = {"mapping_fallbacks": ["customerNumber", "email", "phone"]}
ALL: dict[str, Any] = {
    "customer": {
        "externalId": "C-1",
        "customerNumber": "K-1",
        "name": "Secret GmbH",
        "email": "info@secret.example",
        "phone": "0201 123456",
    },
    "location": {"externalId": "L-1", "name": "Werk"},
    "contact": {
        "externalId": "P-1",
        "displayName": "Anna",
        "email": "a@secret.example",
        "phone": "0201 99887",
    },
}


def _other_tenant(_: IntegrationClient) -> IntegrationClient:
    return factories.client(factories.tenant(), **SEEKING)


def _twin(erp: IntegrationClient) -> IntegrationClient:
    return factories.client(factories.twin(erp.tenant), **SEEKING)


def _original(erp: IntegrationClient) -> IntegrationClient:
    erp.tenant.twin_of = factories.tenant()
    erp.tenant.save()
    return factories.client(erp.tenant.twin_of, **SEEKING)


ELSEWHERE = [_other_tenant, _twin, _original]
Elsewhere = Callable[[IntegrationClient], IntegrationClient]


def _snapshot(tenant: Any) -> list[Any]:
    models: list[Any] = [Customer, Location, Contact, ExternalReference, Target, MappingReview, TimelineEntry]
    return [list(model.objects.filter(tenant=tenant).order_by("id").values()) for model in models]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_equal_ids_numbers_and_addresses_of_another_tenant_are_not_found(
    api: Api, elsewhere: Elsewhere
) -> None:
    mapped(api, **ALL)
    other = Api(elsewhere(api.client))
    before = _snapshot(api.client.tenant)
    mapping = mapped(other, **ALL)
    assert (mapping["status"], ids(mapping)) == ("NotMapped", (None, None, None))
    assert told(mapping) == [(f"{kind}_not_found", kind) for kind in ("customer", "location", "contact")]
    assert "Secret" not in str(mapping)
    assert _snapshot(api.client.tenant) == before
    assert Target.objects.filter(tenant=other.client.tenant).count() == 1


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_both_tenants_create_update_and_cancel_only_their_own(api: Api, elsewhere: Elsewhere) -> None:
    client = elsewhere(api.client)
    IntegrationClient.objects.filter(pk=client.pk).update(**factories.ALL_SWITCHES)
    client.refresh_from_db()
    other = Api(client)
    first = mapped(api, **ALL)
    before = _snapshot(api.client.tenant)
    second = mapped(other, **ALL)
    assert (first["status"], second["status"]) == ("Created", "Created")
    assert all(one != other for one, other in zip(ids(first), ids(second), strict=True))
    mapped(other, **{**ALL, "customer": {**ALL["customer"], "name": "Changed", "phone": None}})
    assert imported(send(other, operation="cancel"))["result"] == "Cancelled"
    assert _snapshot(api.client.tenant) == before
    assert Target.objects.get(tenant=api.client.tenant).status == "Open"
    for model in (Customer, Location, Contact):
        assert model.objects.filter(tenant=api.client.tenant).count() == 1
        assert model.objects.filter(tenant=client.tenant).count() == 1
    assert not MappingReview.objects.exists()


def test_two_source_systems_do_not_share_external_ids(api: Api) -> None:
    first = mapped(api, **ALL)
    portal = Api(factories.client(api.client.tenant, source="portal", **factories.ALL_SWITCHES))
    new = {
        "customer": {"externalId": "C-1", "name": "Other AG"},
        "location": {"externalId": "L-1", "name": "Halle"},
        "contact": {"externalId": "P-1", "displayName": "Berta"},
    }
    second = mapped(portal, **new)
    assert second["status"] == "Created"
    assert all(one != other for one, other in zip(ids(first), ids(second), strict=True))
    assert Target.objects.filter(external_id="T-1").count() == 2
    assert mapped(api, **ALL)["customerId"] == first["customerId"]
    assert Customer.objects.get(pk=first["customerId"]).name == "Secret GmbH"


def test_a_customer_of_the_tenant_is_found_by_its_number_from_both_source_systems(api: Api) -> None:
    row = customer(api.client.tenant, number="K-1")
    portal = Api(
        factories.client(api.client.tenant, source="portal", mapping_strategy="ExternalIdThenCustomerNumber")
    )
    mapping = mapped(portal, customer={"externalId": "other-name", "customerNumber": "K-1"})
    assert mapping["customerId"] == row.pk
    assert ExternalReference.objects.get().source_system == portal.client.source_system


def test_candidates_never_come_from_another_tenant(api: Api) -> None:
    customer(factories.tenant(), number="K-1")
    customer(factories.twin(api.client.tenant), number="K-1")
    mine = customer(api.client.tenant, number="K-1")
    mapping = mapped(api, **ALL)
    assert told(mapping) == [("customer_number_conflict", "customer")]
    assert MappingReview.objects.get().candidates == [{"id": mine.pk}]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_jobs_and_items_of_another_tenant_are_not_found(api: Api, elsewhere: Elsewhere) -> None:
    job = send(api, **ALL).json()["importJobId"]
    other = Api(elsewhere(api.client))
    for path in (f"/import-jobs/{job}", f"/import-jobs/{job}/items"):
        answer = other.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_client_without_customers_read_learns_nothing_of_another_source_system(api: Api) -> None:
    mapped(api, **ALL)
    portal = factories.client(
        api.client.tenant,
        source="portal",
        scopes=without(Scope.CUSTOMERS_READ),
        **factories.ALL_SWITCHES,
    )
    answer = send(Api(portal), customer={**ALL["customer"], "externalId": "X-1", "name": "Probe"})
    assert imported(answer)["customerMapping"] == {
        "status": "NeedsReview",
        "warnings": [{"code": "mapping_needs_review"}],
    }
    for secret in ("C-1", "Secret", "K-1"):
        assert secret not in answer.content.decode()
