"""City aliases of a tenant: what stands for a city is that city, for this tenant only, from then on."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import CityAlias, Customer, MatchingProfile
from customers.services.refreshing import refresh_matching
from customers.services.search_keys import build_search_keys
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.api import Api
from tests.customers import rows
from tests.imports.batching import done, one
from tests.imports.mapped import client, mapped, matched_by

pytestmark = pytest.mark.django_db

BY_NAME = "ExternalIdThenNameAndAddress"
NAME = "Holkolbach Werkzeugbau GmbH"
SENT = {"externalId": "C-1", "name": NAME}


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return client(erp, mapping_strategy=BY_NAME)


def known_in(tenant: Tenant, city: str) -> Customer:
    customer = rows.customer(tenant, name=NAME)
    rows.location(customer, street="Domstr. 5", city=city)
    return customer


def teach(tenant: Tenant, alias: str, city: str) -> CityAlias:
    row = CityAlias(tenant=tenant, alias=alias, city=city)
    row.full_clean()
    row.save()
    return row


def city_of(mapping: dict[str, Any]) -> str | None:
    evidence = mapping["details"]["customer"]["evidence"]
    said: str | None = evidence.get("city")
    return said


def found(api: Api, city: str, *, number: int) -> dict[str, Any]:
    place = {"externalId": f"L-{number}", "street": "Domstraße 5", "city": city}
    return mapped(
        api, externalId=f"T-{number}", customer={**SENT, "externalId": f"C-{number}"}, location=place
    )


@pytest.mark.parametrize(
    ("stored", "sent"), [("Köln", "Cologne"), ("Cologne", "Köln"), ("Colonia", "Cologne")]
)
def test_both_names_are_one_city_on_either_side(api: Api, stored: str, sent: str) -> None:
    known = known_in(api.client.tenant, stored)
    teach(api.client.tenant, "Cologne", "Köln")
    teach(api.client.tenant, "Colonia", "Köln")

    mapping = found(api, sent, number=1)

    assert (mapping["customerId"], city_of(mapping)) == (known.pk, "agrees")
    assert matched_by(mapping) == {"customer": "nameAndAddress", "location": "nameAndAddress"}


def test_an_alias_holds_from_when_it_is_added_until_it_is_deleted_for_stored_customers_too(api: Api) -> None:
    tenant = api.client.tenant
    known_in(tenant, "Köln")
    assert build_search_keys(tenant=tenant)
    assert city_of(found(api, "Cologne", number=1)) == "differs"

    alias = teach(tenant, "Cologne", "Köln")
    assert city_of(found(api, "Cologne", number=2)) == "agrees"

    alias.city = "Bonn"
    alias.full_clean()
    alias.save()
    assert city_of(found(api, "Cologne", number=3)) == "differs"

    alias.delete()
    assert city_of(found(api, "Cologne", number=4)) == "differs"


def test_a_customer_is_a_candidate_by_its_city_alone(api: Api) -> None:
    tenant = api.client.tenant
    known = rows.customer(tenant, name="Holkolbach Werkzeugbau Nord GmbH")
    rows.location(known, city="Köln")
    place = {"externalId": "L-1", "city": "Cologne"}
    assert mapped(api, customer=SENT, location=place)["details"]["customer"]["score"] is None

    teach(tenant, "Cologne", "Köln")

    mapping = mapped(api, externalId="T-2", customer={**SENT, "externalId": "C-2"}, location=place)
    assert city_of(mapping) == "agrees"


def test_aliases_of_another_tenant_mean_nothing(api: Api) -> None:
    known_in(api.client.tenant, "Köln")
    for other in (factories.tenant(), factories.twin(api.client.tenant)):
        teach(other, "Cologne", "Köln")

    assert city_of(found(api, "Cologne", number=1)) == "differs"


def test_what_is_frequent_is_counted_by_the_city_that_is_meant(api: Api) -> None:
    tenant = api.client.tenant
    for city in ("Köln", "Cologne", "Köln-Deutz"):
        known_in(tenant, city)
    teach(tenant, "Cologne", "Köln")
    teach(tenant, "Köln-Deutz", "Köln")
    assert build_search_keys(tenant=tenant)

    refresh_matching(tenant=tenant)

    assert MatchingProfile.objects.get(tenant=tenant).counts["city"] == {"koln": 3}


def test_aliases_are_read_once_for_a_whole_set_and_by_clients_only_that_search(
    api: Api, erp: IntegrationClient
) -> None:
    def lookups(api: Api, first: int, count: int) -> int:
        sent = [
            one(number, customer={"externalId": f"C-{number}", "name": f"{NAME} {number}"})
            for number in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as captured:
            done(api, sent)
        return sum("customers_cityalias" in query["sql"] for query in captured)

    assert build_search_keys(tenant=erp.tenant)
    assert (lookups(api, 10, 1), lookups(api, 20, 30)) == (1, 1)
    assert lookups(client(erp), 60, 2) == 0
