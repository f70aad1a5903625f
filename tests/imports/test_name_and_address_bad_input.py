"""Bad input by name and address: nothing is linked wrongly, nothing breaks."""

from typing import Any

import pytest

from customers.models import Customer, ExternalReference, Location
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from tests import factories
from tests.api import Api
from tests.customers import rows
from tests.imports.mapped import client, mapped, matched_by, told
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


def _faults(answer: Any) -> list[tuple[str, str]]:
    return [(one["path"], one["code"]) for one in answer.json()["error"]["details"]]


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


@pytest.mark.parametrize("name", ["", " " * 10])
def test_empty_names_are_mapped_to_nobody(api: Api, known: Customer, name: str) -> None:
    mapping = mapped(api, **_sent(name, **ADDRESS))
    assert (mapping["status"], mapping["customerId"]) == ("NotMapped", None)
    assert told(mapping) == [("customer_not_found", "customer"), ("location_not_found", "location")]
    assert Customer.objects.get() == known


def test_names_of_ten_thousand_characters_are_refused_by_name(api: Api, known: Customer) -> None:
    answer = send(api, **_sent("x" * 10_000, **ADDRESS))
    assert (answer.status_code, _faults(answer)) == (400, [("customer.name", "max_length")])
    assert not ExternalReference.objects.exists()


def test_addresses_of_ten_thousand_characters_break_nothing(api: Api, known: Customer) -> None:
    answer = send(
        api, **_sent(NAME, street="Rüttenscheider " * 700, postalCode="4" * 10_000, city="E" * 10_000)
    )
    assert (answer.status_code, _faults(answer)) == (
        400,
        [(f"location.{field}", "max_length") for field in ("street", "postalCode", "city")],
    )


@pytest.mark.parametrize("address", [{"city": "Essen"}, {"street": "Rüttenscheider Str. 12"}])
def test_a_part_of_the_address_tells_customers_of_one_name_apart(
    api: Api, known: Customer, address: dict[str, str]
) -> None:
    _customer(api.client, NAME, street="Am Hafen 1", postalCode="20457", city="Hamburg")
    mapping = mapped(api, **_sent(NAME, **address))
    assert (mapping["customerId"], matched_by(mapping)["customer"]) == (known.pk, "nameAndAddress")


def test_a_name_without_an_address_is_asked_about_though_one_customer_has_it(
    api: Api, known: Customer
) -> None:
    mapping = mapped(api, **_sent(NAME))
    assert (mapping["status"], mapping["customerId"]) == ("NeedsReview", None)
    assert [one["id"] for one in MappingReview.objects.get().candidates] == [known.pk]


def test_an_address_without_street_is_enough_where_postcode_and_name_agree(api: Api, known: Customer) -> None:
    mapping = mapped(api, **_sent(NAME, postalCode="45130", city="Essen"))
    assert mapping["customerId"] == known.pk
    assert matched_by(mapping)["customer"] == "nameAndAddress"


def test_the_same_postcode_in_another_country_is_another_place(api: Api, known: Customer) -> None:
    Location.objects.update(country="DE")
    there = {"street": "Hauptstr. 3", "postalCode": "45130", "city": "Ouzouer", "country": "FR"}
    mapping = mapped(api, **_sent(NAME, **there))
    assert (mapping["customerId"], told(mapping)) == (None, [("probable_match", "customer")])


def test_the_same_street_in_another_town_of_another_country_is_asked_about(api: Api, known: Customer) -> None:
    Location.objects.update(country="DE")
    mapping = mapped(api, **_sent(NAME, **{**ADDRESS, "city": "Lyon", "country": "FR"}))
    assert (mapping["customerId"], told(mapping)) == (None, [("probable_match", "customer")])
    assert mapping["details"]["customer"]["evidence"]["postcode"] == "differs"


def test_a_wrong_country_beside_an_address_that_is_right_otherwise_hinders_nothing(
    api: Api, known: Customer
) -> None:
    Location.objects.update(country="DE")
    mapping = mapped(api, **_sent(NAME, **ADDRESS, country="FR"))
    assert mapping["customerId"] == known.pk
    assert mapping["details"]["customer"]["evidence"]["postcode"] == "differs"


def test_a_place_whose_coordinates_are_far_off_its_city_is_asked_about(api: Api, known: Customer) -> None:
    Location.objects.update(latitude=51.43, longitude=7.0)
    sent = {**ADDRESS, "latitude": 48.13, "longitude": 11.57}
    mapping = mapped(api, **_sent(NAME, **sent))
    assert (mapping["customerId"], mapping["customerLocationId"]) == (known.pk, None)
    assert mapping["details"]["customer"]["evidence"]["distance"] == "differs"
    assert told(mapping) == [("probable_match", "location")]


def test_of_twenty_branches_in_one_street_the_right_one_is_proposed_first_and_none_linked(
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
        review = MappingReview.objects.get(external_id=f"C-{number}")
        assert (mapping["customerId"], review.candidates[0]["id"]) == (None, branches[number].pk)
        assert review.candidates[0]["score"] > review.candidates[1]["score"]
    between = _sent("Backparadies", street="Kettwiger Straße 20", postalCode="45127", city="Essen")
    assert told(mapped(api, **between)) == [("ambiguous_customer", "customer")]


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
