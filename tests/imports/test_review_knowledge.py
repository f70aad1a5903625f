"""What managers teach is what searches by name and address go by afterwards."""

from typing import Any

import pytest

from customers.models import Alias, Customer, SearchKey
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.imports.api.forms import judge_form
from targets.imports.models import MappingReview
from targets.imports.services.queueing import refuse_candidate
from targets.imports.services.reviews import create_from_review, dismiss_review, link_review
from targets.imports.services.undoing import undo_decision
from targets.models import Target
from tests.api import Api
from tests.imports.deciding import decision, open_review, state
from tests.imports.mapped import client, mapped, matched_by

pytestmark = pytest.mark.django_db

PLACE: dict[str, Any] = {
    "street": "Industriestr. 2",
    "postalCode": "45127",
    "city": "Essen",
    "latitude": 51.45,
    "longitude": 7.01,
}


@pytest.fixture
def known(api: Api) -> Customer:
    """A customer with a place, as another system brought it, and a stranger in another town."""
    elsewhere: dict[str, Any] = {"street": "Hafen 9", "postalCode": "20457", "city": "Hamburg"}
    both = (("Rhein Ruhr Medical AG", PLACE), ("Stahlbau Krause KG", elsewhere))
    for number, (name, place) in enumerate(both):
        mapped(
            api,
            externalId=f"X-{number}",
            customer={"externalId": f"X-{number}", "name": name},
            location={**place, "externalId": f"XL-{number}", "name": "Werk"},
        )
    return Customer.objects.get(name="Rhein Ruhr Medical AG")


@pytest.fixture
def portal(erp: IntegrationClient) -> Api:
    """A client that searches by name and address, and creates nothing."""
    return client(erp, mapping_strategy="ExternalIdThenNameAndAddress")


def arrive(api: Api, number: int, name: str = "RR Medical Supplies") -> Any:
    return mapped(
        api,
        externalId=f"T-{number}",
        customer={"externalId": f"P-{number}", "name": name},
        location={**PLACE, "externalId": f"PL-{number}"},
    )


def offered(review: MappingReview) -> list[int]:
    return [one["id"] for one in review.candidates]


def test_a_name_that_was_confirmed_once_is_found_under_every_other_id(portal: Api, known: Customer) -> None:
    assert arrive(portal, 1)["status"] == "NeedsReview"
    review = open_review()
    assert (offered(review), review.reason) == ([known.pk], "probable_match")
    assert review.score == review.candidates[0]["score"]
    link_review(review=review, record=known, actor=None)
    assert Alias.objects.get().name == "RR Medical Supplies"

    again = arrive(portal, 2)

    assert (again["customerId"], matched_by(again)["customer"]) == (known.pk, "nameAndAddress")
    assert not MappingReview.objects.filter(status="open").exists()


def test_a_link_by_name_is_taken_back_with_its_location_and_its_name(
    portal: Api, known: Customer, tenant: Tenant
) -> None:
    arrive(portal, 1)
    before = state(tenant)
    link_review(review=open_review(), record=known, actor=None)
    assert Target.objects.get(external_id="T-1").customer == known

    undo_decision(decision=decision(), actor=None, judge=judge_form)

    assert state(tenant) == before
    assert arrive(portal, 2)["status"] == "NeedsReview"


def test_who_was_ruled_out_is_not_proposed_by_name_either(portal: Api, known: Customer) -> None:
    arrive(portal, 1)
    refuse_candidate(review=open_review(), record_id=known.pk, actor=None)
    assert offered(open_review()) == []
    dismiss_review(review=open_review(), actor=None)

    again = arrive(portal, 1, "Rhein Ruhr Medical AG")

    assert again["customerId"] is None
    assert not MappingReview.objects.filter(status="open").exists()
    other = arrive(portal, 3, "Rhein Ruhr Medical AG")
    assert (other["customerId"], matched_by(other)["customer"]) == (known.pk, "nameAndAddress")


def test_a_customer_that_was_created_goes_although_it_has_search_keys(
    portal: Api, known: Customer, tenant: Tenant
) -> None:
    arrive(portal, 1)
    before = state(tenant)
    create_from_review(review=open_review(), actor=None)
    made = Customer.objects.get(name="RR Medical Supplies")
    assert SearchKey.objects.filter(customer=made).exists()

    undo_decision(decision=decision(), actor=None, judge=judge_form)

    assert state(tenant) == before
