"""Imports of clients that map by name and address, through the API."""

import pytest

from customers.matching.normalise import name_key
from customers.models import Alias, Customer, ExternalReference, Location, RefusedPair
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from tests.api import Api
from tests.customers import rows
from tests.factories import ALL_SWITCHES as SWITCHES
from tests.imports.mapped import client, mapped, matched_by, told

pytestmark = pytest.mark.django_db

BY_NAME = "ExternalIdThenNameAndAddress"
SENT = {"externalId": "C-1", "name": "Rhein-Ruhr Medical Supply GmbH"}
PLACE = {"externalId": "L-1", "street": "Rüttenscheider Str. 12", "postalCode": "45130", "city": "Essen"}


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return client(erp, mapping_strategy=BY_NAME)


@pytest.fixture
def known(erp: IntegrationClient) -> Customer:
    customer = rows.customer(erp.tenant, name="Rhein Ruhr Medical Supply GmbH", number="K-1")
    rows.location(customer, street="Rüttenscheider Straße 12", postal_code="45130", city="Essen")
    return customer


def test_a_customer_is_found_by_name_and_address_and_remembered_under_its_external_id(
    api: Api, known: Customer
) -> None:
    mapping = mapped(api, customer=SENT, location=PLACE)
    assert (mapping["status"], mapping["customerId"]) == ("Mapped", known.pk)
    detail = mapping["details"]["customer"]
    assert detail["matchedBy"] == "nameAndAddress"
    assert detail["score"] > 0.9
    assert (detail["runnerUpScore"], detail["margin"]) == (None, 0.5)
    assert detail["evidence"]["name"] == "agrees"
    assert detail["shares"].keys() == detail["evidence"].keys()
    assert detail["shares"]["name"] > 10
    assert mapping["customerLocationId"] == Location.objects.get().pk
    assert ExternalReference.objects.filter(matched_by="nameAndAddress").count() == 2
    assert matched_by(mapped(api, customer=SENT, location=PLACE)) == {
        "customer": "externalId",
        "location": "externalId",
    }


def test_nobody_like_it_is_created(api: Api, known: Customer) -> None:
    api = _with_switches(api)
    other = {"externalId": "C-2", "name": "Nordlicht Kältetechnik KG"}
    mapping = mapped(api, customer=other, location={**PLACE, "street": "Kaiserstr. 3", "city": "Essen"})
    assert mapping["status"] == "Created"
    assert mapping["customerId"] != known.pk
    assert Customer.objects.count() == 2
    assert not MappingReview.objects.exists()


def test_what_is_like_it_but_not_surely_becomes_a_review_with_evidence(api: Api, known: Customer) -> None:
    elsewhere = {"externalId": "L-2", "street": "Ostring 99", "postalCode": "44787", "city": "Bochum"}
    mapping = mapped(_with_switches(api), customer=SENT, location=elsewhere)
    assert (mapping["status"], mapping["customerId"]) == ("NeedsReview", None)
    assert told(mapping) == [("probable_match", "customer")]
    review = MappingReview.objects.get()
    assert (review.reason, review.kind) == ("probable_match", "customer")
    [candidate] = review.candidates
    detail = mapping["details"]["customer"]
    assert (detail["matchedBy"], detail["score"]) == (None, candidate["score"])
    assert (detail["runnerUpScore"], detail["margin"]) == (None, 0.5)
    assert detail["shares"] == {one["field"]: one["share"] for one in candidate["evidence"]}
    assert candidate["id"] == known.pk
    assert candidate["score"] == review.score
    evidence = {one["field"]: one for one in candidate["evidence"]}
    assert evidence["name"] | {"share": 0} == {
        "field": "name",
        "sent": SENT["name"],
        "known": known.name,
        "agreement": "agrees",
        "share": 0,
    }
    assert evidence["street"]["agreement"] == "differs"
    assert evidence["street"]["share"] < 0 < evidence["name"]["share"]
    assert Customer.objects.count() == 1
    assert not ExternalReference.objects.exists()


def test_two_customers_of_one_name_in_one_house_are_never_linked(api: Api, known: Customer) -> None:
    twin = rows.customer(known.tenant, name=known.name)
    rows.location(twin, street="Rüttenscheider Str. 12", postal_code="45130", city="Essen")
    mapping = mapped(api, customer=SENT, location=PLACE)
    assert told(mapping) == [("ambiguous_customer", "customer")]
    detail = mapping["details"]["customer"]
    assert (detail["runnerUpScore"], detail["margin"]) == (detail["score"], 0.0)
    [review] = MappingReview.objects.all()
    assert {one["id"] for one in review.candidates} == {known.pk, twin.pk}


def test_the_address_decides_between_customers_of_one_name(api: Api, known: Customer) -> None:
    branch = rows.customer(known.tenant, name=known.name)
    rows.location(branch, street="Jungfernstieg 7", postal_code="20354", city="Hamburg")
    mapping = mapped(api, customer=SENT, location=PLACE)
    assert mapping["customerId"] == known.pk
    detail = mapping["details"]["customer"]
    assert 0 < detail["runnerUpScore"] < detail["score"]
    assert detail["margin"] > 0.25


@pytest.mark.parametrize("number", ["K-1", "K-2"])
def test_a_customer_number_goes_first_and_another_one_is_asked_about(
    api: Api, known: Customer, number: str
) -> None:
    mapping = mapped(api, customer={**SENT, "customerNumber": number}, location=PLACE)
    if number == known.number:
        assert matched_by(mapping)["customer"] == "customerNumber"
    else:
        assert told(mapping) == [("probable_match", "customer")]


def test_thresholds_are_the_clients_own(api: Api, known: Customer) -> None:
    strict = client(api.client, mapping_strategy=BY_NAME, link_score=1.0, review_score=1.0)
    assert told(mapped(strict, customer=SENT, location=PLACE)) == [
        ("customer_not_found", "customer"),
        ("location_not_found", "location"),
    ]


def test_a_location_is_found_among_those_of_the_customer_only(api: Api, known: Customer) -> None:
    rows.refer(api.client.source_system, "C-1", known)
    second = rows.location(known, name="Lager", street="Hafenstr. 8", postal_code="45356", city="Essen")
    stranger = rows.customer(known.tenant, name="Hafen Logistik AG")
    rows.location(stranger, name="Lager", street="Hafenstr. 9", postal_code="45356", city="Essen")
    near = {"externalId": "L-8", "street": "Hafenstraße 8", "postalCode": "45356", "city": "Essen"}
    assert mapped(api, customer=SENT, location=near)["customerLocationId"] == second.pk
    next_door = {**near, "externalId": "L-9", "street": "Hafenstr. 9"}
    assert mapped(_with_switches(api), customer=SENT, location=next_door)["customerLocationId"] != second.pk


def test_a_contact_is_found_among_those_of_the_customer_by_name_or_mailbox(api: Api, known: Customer) -> None:
    rows.refer(api.client.source_system, "C-1", known)
    anna = rows.contact(known, display_name="Anna Weber", email="weber@rrm.example")
    rows.contact(
        rows.customer(known.tenant, name="Other"), display_name="Anna Weber", email="weber@rrm.example"
    )
    sent = {"externalId": "P-1", "displayName": "Weber, Anna", "email": "WEBER@rrm.example"}
    assert mapped(api, customer=SENT, contact=sent)["customerContactId"] == anna.pk
    colleague = {"externalId": "P-2", "displayName": "Bernd Kraus", "email": "weber@rrm.example"}
    assert mapped(api, customer=SENT, contact=colleague)["customerContactId"] is None


def test_later_records_of_a_batch_find_what_earlier_ones_created(erp: IntegrationClient) -> None:
    api = client(erp, mapping_strategy=BY_NAME, **SWITCHES)
    first = mapped(api, customer=SENT, location=PLACE)
    again = mapped(api, customer={**SENT, "externalId": "C-9"}, location={**PLACE, "externalId": "L-9"})
    assert first["status"] == "Created"
    assert (again["customerId"], again["customerLocationId"]) == (
        first["customerId"],
        first["customerLocationId"],
    )
    assert Customer.objects.count() == 1


def _with_switches(api: Api) -> Api:
    IntegrationClient.objects.filter(pk=api.client.pk).update(**SWITCHES)
    api.client.refresh_from_db()
    return api


def _refuse(api: Api, kind: str, key: str, record: Customer | Location) -> None:
    RefusedPair.objects.create(
        tenant=api.client.tenant,
        source_system=api.client.source_system,
        kind=kind,
        record_key=key,
        record_id=record.pk,
    )


def test_a_refused_customer_is_never_proposed_again(api: Api, known: Customer) -> None:
    _refuse(api, "customer", "C-1", known)
    assert mapped(api, customer=SENT, location=PLACE)["status"] == "NotMapped"
    other = {**SENT, "externalId": "C-2"}
    assert mapped(api, customer=other, location=PLACE)["customerId"] == known.pk


def test_a_refused_location_is_never_proposed_again(api: Api, known: Customer) -> None:
    _refuse(api, "location", "L-1", Location.objects.get())
    mapping = mapped(api, customer=SENT, location=PLACE)
    assert (mapping["customerId"], mapping["customerLocationId"]) == (known.pk, None)


def test_a_customer_is_found_by_another_name_that_a_manager_confirmed(api: Api, known: Customer) -> None:
    other = {"externalId": "C-1", "name": "Klinikbedarf Nordstern"}
    assert mapped(api, externalId="T-0", customer=other, location=PLACE)["customerId"] is None
    Alias.objects.create(
        tenant=known.tenant, customer=known, name=other["name"], name_key=name_key(other["name"])
    )
    assert mapped(api, customer=other, location=PLACE)["customerId"] == known.pk
