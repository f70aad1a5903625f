"""Doubtful records become reviews: one that is open per record, however many items wait for it."""

from typing import Any

import pytest
from django.utils import timezone

from customers.models import Contact, Customer
from integrations.models import IntegrationClient
from targets.imports.models import ImportItem, MappingReview, ReviewedItem
from targets.models import Target
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import client, mapped
from tests.imports.sending import imported, result, send

pytestmark = pytest.mark.django_db

SENT = {"externalId": "C-1", "name": "Rhein Ruhr", "customerNumber": "K-1"}


@pytest.fixture
def pair(tenant: Any) -> list[Customer]:
    """Two customers with one number."""
    return [customer(tenant, number="K-1"), customer(tenant, number="K-1")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    """A client that looks for numbers."""
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


def test_a_review_holds_what_was_sent_and_what_it_may_be(crm: Api, pair: list[Customer]) -> None:
    mapped(crm, customer=SENT)
    review = MappingReview.objects.get()
    assert (review.tenant, review.source_system) == (crm.client.tenant, crm.client.source_system)
    assert (review.client, review.kind, review.status) == (crm.client, "customer", "open")
    assert (review.record_key, review.external_id) == ("C-1", "C-1")
    assert review.reason == "ambiguous_customer"
    assert review.record == {"number": "K-1", "name": "Rhein Ruhr"}
    assert [candidate["id"] for candidate in review.candidates] == [row.pk for row in pair]
    assert (review.decided_at, review.decided_by) == (None, None)
    assert [waiting.item for waiting in review.waiting.all()] == [ImportItem.objects.get()]


def test_items_attach_to_the_open_review(crm: Api) -> None:
    for target in ("T-1", "T-2", "T-1"):
        mapped(crm, externalId=target, customer=SENT)
    review = MappingReview.objects.get()
    assert review.waiting.count() == ImportItem.objects.count() == 3


def test_a_decided_review_is_left_alone_and_a_new_one_opened_for_other_data(crm: Api) -> None:
    mapped(crm, customer=SENT)
    MappingReview.objects.update(status="dismissed", decided_at=timezone.now())
    mapped(crm, externalId="T-2", customer={**SENT, "name": "Ruhr Rhein"})
    reviews = MappingReview.objects.order_by("id")
    assert [(review.status, review.waiting.count()) for review in reviews] == [("dismissed", 1), ("open", 1)]


def test_another_client_of_the_source_system_shares_the_review(crm: Api, erp: IntegrationClient) -> None:
    other = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    mapped(crm, customer=SENT)
    mapped(other, customer=SENT)
    assert MappingReview.objects.get().client == crm.client
    assert ReviewedItem.objects.count() == 2


def test_another_source_system_has_a_review_of_its_own(crm: Api, erp: IntegrationClient) -> None:
    portal = client(erp, source="portal", mapping_strategy="ExternalIdThenCustomerNumber")
    mapped(crm, customer=SENT)
    mapped(portal, customer=SENT)
    keys = MappingReview.objects.order_by("id").values_list("source_system__key", "record_key")
    assert list(keys) == [("logistics_erp", "C-1"), ("portal", "C-1")]


def test_without_an_external_id_equal_data_waits_for_one_review(crm: Api) -> None:
    for name in ("Müller GmbH", " MÜLLER  gmbh"):
        mapped(crm, customer={"customerNumber": "K-1", "name": name})
    review = MappingReview.objects.get()
    assert (len(review.record_key), review.external_id, review.waiting.count()) == (64, "", 2)
    mapped(crm, customer={"customerNumber": "K-1", "name": "Maier GmbH"})
    assert MappingReview.objects.count() == 2


def test_namesakes_of_two_customers_wait_for_two_reviews(erp: IntegrationClient) -> None:
    for name in ("A", "B"):
        row = customer(erp.tenant)
        refer(erp.source_system, f"C-{name}", row)
        contact(row, phone="0201 123456"), contact(row, phone="0201 123456")
    api = client(erp, mapping_fallbacks=["phone"])
    for name in ("A", "B", "A"):
        mapped(
            api,
            customer={"externalId": f"C-{name}"},
            contact={"displayName": "Reception", "phone": "0201/123456"},
        )
    assert sorted(review.waiting.count() for review in MappingReview.objects.all()) == [1, 2]
    for review in MappingReview.objects.all():
        offered = Contact.objects.filter(pk__in=[candidate["id"] for candidate in review.candidates])
        assert offered.count() == 2
        assert offered.values("customer").distinct().count() == 1


def test_a_kind_has_its_own_reviews(erp: IntegrationClient) -> None:
    api = client(erp, mapping_strategy="ManualOnly")
    mapped(
        api,
        customer={"externalId": "X", "name": "A"},
        location={"externalId": "X", "name": "B"},
        contact={"externalId": "X", "displayName": "C"},
    )
    assert sorted(MappingReview.objects.values_list("kind", "record_key")) == [
        ("contact", "X"),
        ("customer", "X"),
        ("location", "X"),
    ]
    assert ReviewedItem.objects.values("item").distinct().count() == 1
    assert ReviewedItem.objects.count() == 3


def test_validating_only_opens_no_review(crm: Api) -> None:
    item = imported(send(crm, query="?validateOnly=true", customer=SENT))
    assert item["customerMapping"]["status"] == "NeedsReview"
    assert not MappingReview.objects.exists()
    assert not ReviewedItem.objects.exists()
    assert not Target.objects.exists()


def test_validating_only_does_not_attach_to_an_open_review(crm: Api) -> None:
    mapped(crm, customer=SENT)
    send(crm, query="?validateOnly=true", externalId="T-2", customer=SENT)
    assert ReviewedItem.objects.count() == 1


def test_a_refused_item_opens_no_review(crm: Api) -> None:
    assert result(send(crm, operation="update", customer=SENT)) == "422 unknown_external_id"
    mapped(crm)
    assert result(send(crm, operation="create", customer=SENT)) == "422 external_id_exists"
    assert not MappingReview.objects.exists()


def test_a_cancel_opens_no_review(crm: Api) -> None:
    mapped(crm)
    assert result(send(crm, operation="cancel", customer=SENT)) == "Cancelled"
    assert not MappingReview.objects.exists()


def test_the_candidate_for_an_unknown_customer_is_the_owner_of_the_location(erp: IntegrationClient) -> None:
    row = customer(erp.tenant)
    refer(erp.source_system, "L-1", location(row))
    mapped(client(erp), customer={"externalId": "C-9"}, location={"externalId": "L-1"})
    review = MappingReview.objects.get()
    assert (review.kind, review.reason) == ("customer", "location_of_other_customer")
    assert review.candidates == [{"id": row.pk}]


def test_the_candidate_for_a_location_of_another_customer_is_the_location(erp: IntegrationClient) -> None:
    row, other = customer(erp.tenant), customer(erp.tenant)
    works = location(other)
    refer(erp.source_system, "C-1", row)
    refer(erp.source_system, "L-1", works)
    mapped(client(erp), customer={"externalId": "C-1"}, location={"externalId": "L-1"})
    review = MappingReview.objects.get()
    assert (review.kind, review.reason) == ("location", "location_of_other_customer")
    assert review.candidates == [{"id": works.pk}]


def test_the_job_counts_items_that_need_review(crm: Api) -> None:
    answer = send(crm, customer=SENT).json()
    assert (answer["needsReviewItems"], answer["warningItems"], answer["createdItems"]) == (1, 1, 1)
