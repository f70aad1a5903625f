"""Locations and contacts that come without an id of their own: who was refused is not proposed again."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, Location
from integrations.models import IntegrationClient
from targets.imports.api.forms import judge_form
from targets.imports.services.queueing import refuse_candidate
from targets.imports.services.undoing import undo_decision
from targets.models import Target
from tests.api import Api
from tests.customers import rows
from tests.imports.batching import done, one
from tests.imports.deciding import decision, open_review
from tests.imports.mapped import client, mapped, matched_by, told

pytestmark = pytest.mark.django_db

CUSTOMER = {"externalId": "C-1", "name": "Nordlicht AG"}
PLACE: dict[str, Any] = {"street": "Hafenstr. 8", "postalCode": "45356", "city": "Essen"}
STORED: dict[str, Any] = {"street": "Hafenstraße 8", "postal_code": "45356", "city": "Essen"}


@pytest.fixture
def portal(erp: IntegrationClient) -> Api:
    """A client that searches by name and address, and creates nothing."""
    return client(erp, mapping_strategy="ExternalIdThenNameAndAddress")


@pytest.fixture
def known(portal: Api) -> Customer:
    """A customer that the client knows, with two gates at one address."""
    customer = rows.customer(portal.client.tenant, name="Nordlicht AG")
    rows.refer(portal.client.source_system, "C-1", customer)
    for name in ("Tor 1", "Tor 2"):
        rows.location(customer, name=name, **STORED)
    return customer


def gates() -> list[Location]:
    return list(Location.objects.order_by("name"))


def offered() -> list[int]:
    return sorted(candidate["id"] for candidate in open_review().candidates)


def refused(portal: Api, record: Any, **records: Any) -> None:
    assert mapped(portal, externalId="T-1", **records)["status"] == "NeedsReview"
    assert record.pk in offered()
    refuse_candidate(review=open_review(), record_id=record.pk, actor=None)


def test_a_location_is_compared_with_the_others_only(portal: Api, known: Customer) -> None:
    first, second = gates()
    refused(portal, first, customer=CUSTOMER, location=PLACE)
    assert offered() == [second.pk]

    again = mapped(portal, externalId="T-2", customer=CUSTOMER, location=PLACE)

    assert (again["customerLocationId"], matched_by(again)["location"]) == (second.pk, "nameAndAddress")


def test_where_all_were_refused_nothing_is_asked_any_more(portal: Api, known: Customer) -> None:
    refused(portal, gates()[0], customer=CUSTOMER, location=PLACE)
    refuse_candidate(review=open_review(), record_id=gates()[1].pk, actor=None)

    again = mapped(portal, externalId="T-2", customer=CUSTOMER, location=PLACE)

    assert told(again) == [("location_not_found", "location")]
    assert open_review().waiting.count() == 1


def test_the_same_words_at_another_customer_are_another_location(portal: Api, known: Customer) -> None:
    other = rows.customer(known.tenant, name="Alpenblick Hotel")
    rows.refer(portal.client.source_system, "C-2", other)
    theirs = rows.location(other, name="Tor 1", **STORED)
    refused(portal, Location.objects.get(customer=known, name="Tor 1"), customer=CUSTOMER, location=PLACE)

    mapping = mapped(
        portal, externalId="T-2", customer={"externalId": "C-2", "name": "Alpenblick Hotel"}, location=PLACE
    )

    assert mapping["customerLocationId"] == theirs.pk


def test_a_location_of_a_targets_own_customer_is_meant_too(portal: Api, known: Customer) -> None:
    first, second = gates()
    mapped(portal, externalId="T-1", customer=CUSTOMER)
    refused(portal, first, location=PLACE)

    mapped(portal, externalId="T-2", customer=CUSTOMER)
    again = mapped(portal, externalId="T-2", location=PLACE)

    assert again["customerLocationId"] == second.pk
    assert Target.objects.get(external_id="T-2").location == second


def test_a_contact_is_compared_with_the_others_only(portal: Api, known: Customer) -> None:
    first, second = (
        rows.contact(known, display_name="Anna Weber", role=role) for role in ("Empfang", "Lager")
    )
    sent = {"displayName": "Anna Weber"}
    refused(portal, first, customer=CUSTOMER, contact=sent)

    again = mapped(portal, externalId="T-2", customer=CUSTOMER, contact=sent)

    assert again["customerContactId"] == second.pk
    assert Contact.objects.count() == 2


def test_a_refusal_that_is_taken_back_counts_no_more(portal: Api, known: Customer) -> None:
    refused(portal, gates()[0], customer=CUSTOMER, location=PLACE)
    undo_decision(decision=decision(), actor=None, judge=judge_form)

    again = mapped(portal, externalId="T-2", customer=CUSTOMER, location=PLACE)

    assert told(again) == [("ambiguous_location", "location")]
    assert (offered(), open_review().waiting.count()) == (sorted(gate.pk for gate in gates()), 2)


def test_refusals_of_a_whole_set_are_looked_up_at_once(portal: Api, known: Customer) -> None:
    refused(portal, gates()[0], customer=CUSTOMER, location=PLACE)

    def lookups(first: int, count: int) -> int:
        sent = [
            one(number, customer=CUSTOMER, location={**PLACE, "street": f"Hafenstr. {number}"})
            for number in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as captured:
            done(portal, sent)
        return sum("customers_refusedpair" in query["sql"] for query in captured)

    assert lookups(100, 2) == lookups(200, 20)
