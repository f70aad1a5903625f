"""Bad input by name and address: nothing is linked wrongly, nothing breaks."""

from typing import Any

import pytest

from customers.models import Customer, Location
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from tests import factories
from tests.api import Api
from tests.customers import rows
from tests.imports.mapped import client, mapped, matched_by
from tests.imports.sending import send

pytestmark = pytest.mark.django_db

BY_NAME = "ExternalIdThenNameAndAddress"
ADDRESS = {"street": "Rüttenscheider Str. 12", "postalCode": "45130", "city": "Essen"}
NAME = "Rhein-Ruhr Medical Supply GmbH"


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return client(erp, mapping_strategy=BY_NAME)


@pytest.fixture
def known(erp: IntegrationClient) -> Customer:
    return _customer(erp, NAME, **ADDRESS)


def _customer(erp: IntegrationClient, name: str, **address: Any) -> Customer:
    customer = rows.customer(erp.tenant, name=name)
    columns = {
        "postal_code" if column == "postalCode" else column: value for column, value in address.items()
    }
    rows.location(customer, **columns)
    return customer


def _sent(name: str, **address: Any) -> dict[str, Any]:
    return {"customer": {"externalId": "C-1", "name": name}, "location": {"externalId": "L-1", **address}}


@pytest.mark.parametrize(
    "name",
    [
        "R",
        "GmbH",
        "&",
        "---",
        "🙂🙂🙂",
        "🏥 Clinic",
        "\u202eHbmG ylppuS lacideM",
        "شركة الراين للتجهيزات الطبية",
        "ריין רור ציוד רפואי",
        "莱茵鲁尔医疗用品",
        "x" * 200,
        "Rhein " * 33,
    ],
)
def test_strange_names_at_a_known_address_are_nobody_known(api: Api, known: Customer, name: str) -> None:
    mapping = mapped(api, **_sent(name, **ADDRESS))
    assert mapping["customerId"] is None
    assert not Customer.objects.exclude(pk=known.pk).exists()


@pytest.mark.parametrize("name", ["شركة الراين للتجهيزات", "莱茵鲁尔医疗用品", "🏥 Clinic Nord"])
def test_names_in_any_script_are_found_again(api: Api, erp: IntegrationClient, name: str) -> None:
    known = _customer(erp, name, **ADDRESS)
    assert mapped(api, **_sent(name, **ADDRESS))["customerId"] == known.pk


@pytest.mark.parametrize("name", ["", " " * 10, "x" * 10_000])
def test_names_that_no_form_takes_are_refused_or_unmapped(api: Api, known: Customer, name: str) -> None:
    answer = send(api, **_sent(name, **ADDRESS))
    assert answer.status_code in {202, 400, 422}
    if answer.status_code == 202:
        assert answer.json()["items"][0]["customerMapping"]["customerId"] is None


def test_addresses_of_ten_thousand_characters_break_nothing(api: Api, known: Customer) -> None:
    answer = send(
        api, **_sent(NAME, street="Rüttenscheider " * 700, postalCode="4" * 10_000, city="E" * 10_000)
    )
    assert answer.status_code in {202, 400, 422}


@pytest.mark.parametrize("address", [{}, {"city": "Essen"}, {"street": "Rüttenscheider Str. 12"}])
def test_a_name_with_hardly_an_address_is_asked_about_not_linked(
    api: Api, known: Customer, address: dict[str, str]
) -> None:
    _customer(api.client, NAME, street="Am Hafen 1", postalCode="20457", city="Hamburg")
    mapping = mapped(api, **_sent(NAME, **address))
    assert mapping["customerId"] in {None, known.pk}
    if not address:
        assert mapping["customerId"] is None


def test_an_address_without_street_is_enough_where_postcode_and_name_agree(api: Api, known: Customer) -> None:
    mapping = mapped(api, **_sent(NAME, postalCode="45130", city="Essen"))
    assert mapping["customerId"] == known.pk
    assert matched_by(mapping)["customer"] == "nameAndAddress"


def test_the_same_postcode_in_another_country_is_another_place(api: Api, known: Customer) -> None:
    Location.objects.update(country="DE")
    there = {"street": "Hauptstr. 3", "postalCode": "45130", "city": "Ouzouer", "country": "FR"}
    assert mapped(api, **_sent(NAME, **there))["customerId"] is None


def test_coordinates_far_off_the_city_are_asked_about(api: Api, known: Customer) -> None:
    Location.objects.update(latitude=51.43, longitude=7.0)
    sent = {**ADDRESS, "latitude": 48.13, "longitude": 11.57}
    mapping = mapped(api, **_sent("Rhein Ruhr Medical", **sent))
    assert mapping["customerLocationId"] is None
    assert mapping["customerId"] in {None, known.pk}


def test_twenty_branches_in_one_street_are_told_apart_by_their_numbers(
    api: Api, erp: IntegrationClient
) -> None:
    branches = {
        number: _customer(
            erp, "Backparadies", street=f"Kettwiger Str. {number}", postalCode="45127", city="Essen"
        )
        for number in range(1, 40, 2)
    }
    for number in (1, 21, 39):
        sent = _sent("Backparadies", street=f"Kettwiger Straße {number}", postalCode="45127", city="Essen")
        sent["customer"]["externalId"] = f"C-{number}"
        sent["location"]["externalId"] = f"L-{number}"
        mapping = mapped(api, **sent)
        assert mapping["customerId"] in {None, branches[number].pk}
    between = _sent("Backparadies", street="Kettwiger Straße 20", postalCode="45127", city="Essen")
    assert mapped(api, **between)["customerId"] is None


def test_inactive_customers_are_not_found(api: Api, known: Customer) -> None:
    Customer.objects.update(active=False)
    assert mapped(api, **_sent(NAME, **ADDRESS))["customerId"] is None


def test_customers_of_other_tenants_are_not_found(api: Api) -> None:
    _customer(factories.client(factories.tenant()), NAME, **ADDRESS)
    assert mapped(api, **_sent(NAME, **ADDRESS))["customerId"] is None


def test_a_reviewed_customer_that_was_deleted_meanwhile_is_not_found_again(api: Api, known: Customer) -> None:
    far = {"street": "Ostring 99", "postalCode": "44787", "city": "Bochum"}
    assert mapped(api, **_sent(NAME, **far))["status"] == "NeedsReview"
    assert MappingReview.objects.get().candidates[0]["id"] == known.pk
    Location.objects.all().delete()
    Customer.objects.all().delete()
    assert mapped(api, **_sent(NAME, **ADDRESS))["status"] == "NotMapped"
