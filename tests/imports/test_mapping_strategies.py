"""Every strategy and fallback: who is found by what, and who is not."""

from itertools import chain, combinations
from typing import Any

import pytest

from customers.models import Customer, ExternalReference
from integrations.models import IntegrationClient
from targets.imports.models import MappingReview
from targets.models import Target
from tests.api import Api
from tests.customers.rows import called, contact, customer, location, refer
from tests.imports.mapped import client, ids, mapped, matched_by, told

pytestmark = pytest.mark.django_db

NUMBER = {"customerNumber": "K-1"}
EMAIL = {"email": "INFO@rrm.example"}
PHONE = {"phone": "0201/123456"}
EVIDENCE = {"customerNumber": NUMBER, "email": EMAIL, "phone": PHONE}
FALLBACKS = [
    list(some) for some in chain.from_iterable(combinations(EVIDENCE, length) for length in range(4))
]


def _known(erp: IntegrationClient, **fields: Any) -> Customer:
    return customer(
        erp.tenant, **{"number": "K-1", "email": "info@rrm.example", "phone": "+49 201 123456", **fields}
    )


@pytest.mark.parametrize("fallbacks", FALLBACKS, ids="+".join)
@pytest.mark.parametrize("sent", EVIDENCE)
def test_external_id_first_uses_the_chosen_fallbacks_only(
    erp: IntegrationClient, sent: str, fallbacks: list[str]
) -> None:
    known = _known(erp)
    api = client(erp, mapping_strategy="ExternalIdFirst", mapping_fallbacks=fallbacks)
    mapping = mapped(api, customer={"externalId": "C-1", **EVIDENCE[sent]})
    if sent in fallbacks:
        assert (mapping["status"], mapping["customerId"]) == ("Mapped", known.pk)
        assert matched_by(mapping) == {"customer": sent}
        assert called(erp.source_system) == {("customer", "C-1"): (known.pk, sent)}
    else:
        assert (mapping["status"], mapping["customerId"]) == ("NotMapped", None)
        assert told(mapping) == [("customer_not_found", "customer")]
        assert not ExternalReference.objects.exists()


@pytest.mark.parametrize(
    ("strategy", "found"),
    [("ExternalIdOnly", set()), ("ExternalIdThenCustomerNumber", {"customerNumber"})],
)
@pytest.mark.parametrize("sent", EVIDENCE)
def test_the_other_strategies_ignore_the_fallbacks(
    erp: IntegrationClient, strategy: str, found: set[str], sent: str
) -> None:
    known = _known(erp)
    api = client(erp, mapping_strategy=strategy, mapping_fallbacks=list(EVIDENCE))
    mapping = mapped(api, customer={"externalId": "C-1", **EVIDENCE[sent]})
    expected = ("Mapped", known.pk) if sent in found else ("NotMapped", None)
    assert (mapping["status"], mapping["customerId"]) == expected


@pytest.mark.parametrize("strategy", ["ExternalIdOnly", "ExternalIdFirst", "ExternalIdThenCustomerNumber"])
def test_a_known_external_id_decides_under_every_strategy(erp: IntegrationClient, strategy: str) -> None:
    known, other = _known(erp), _known(erp, number="K-2")
    refer(erp.source_system, "C-1", other)
    api = client(erp, mapping_strategy=strategy, mapping_fallbacks=["email", "phone"])
    mapping = mapped(api, customer={"externalId": "C-1", **EMAIL, **PHONE})
    assert mapping["customerId"] == other.pk != known.pk
    assert matched_by(mapping) == {"customer": "externalId"}


def test_evidence_may_be_missing_as_long_as_what_hits_agrees(erp: IntegrationClient) -> None:
    known = _known(erp, number="")
    api = client(erp, mapping_fallbacks=["customerNumber", "email", "phone"])
    mapping = mapped(api, customer={"externalId": "C-1", "customerNumber": "K-9", **EMAIL})
    assert mapping["customerId"] == known.pk
    assert matched_by(mapping) == {"customer": "email"}
    assert told(mapping) == [("customer_number_kept", "customer.customerNumber")]
    known.refresh_from_db()
    assert known.number == ""


def test_evidence_that_points_at_two_becomes_a_review(erp: IntegrationClient) -> None:
    one, other = _known(erp, email="", phone=""), _known(erp, number="K-2", phone="")
    api = client(erp, mapping_fallbacks=["customerNumber", "email"])
    mapping = mapped(api, customer={"externalId": "C-1", **NUMBER, **EMAIL})
    assert mapping["status"] == "NeedsReview"
    assert told(mapping) == [("ambiguous_customer", "customer")]
    assert ids(mapping) == (None, None, None)
    assert [candidate["id"] for candidate in MappingReview.objects.get().candidates] == [one.pk, other.pk]
    assert not ExternalReference.objects.exists()


def test_evidence_that_two_customers_share_becomes_a_review(erp: IntegrationClient) -> None:
    _known(erp), _known(erp)
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    mapping = mapped(api, customer={"externalId": "C-1", **NUMBER})
    assert told(mapping) == [("ambiguous_customer", "customer")]
    assert Target.objects.get().customer is None


def test_an_inactive_customer_is_no_match_and_does_not_make_one_ambiguous(erp: IntegrationClient) -> None:
    _known(erp, active=False)
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    assert told(mapped(api, customer={"externalId": "C-1", **NUMBER})) == [("customer_not_found", "customer")]
    active = _known(erp)
    assert mapped(api, customer={"externalId": "C-1", **NUMBER})["customerId"] == active.pk


def test_a_number_of_somebody_else_is_stronger_than_an_agreeing_email(erp: IntegrationClient) -> None:
    by_email, by_number = _known(erp), _known(erp, number="K-2", email="", phone="")
    api = client(erp, mapping_fallbacks=["email"])
    mapping = mapped(api, customer={"externalId": "C-1", "customerNumber": "K-2", **EMAIL})
    assert told(mapping) == [("customer_number_conflict", "customer")]
    assert [candidate["id"] for candidate in MappingReview.objects.get().candidates] == [
        by_email.pk,
        by_number.pk,
    ]


def test_what_a_fallback_found_is_found_by_external_id_from_then_on(erp: IntegrationClient) -> None:
    known = _known(erp)
    api = client(erp, mapping_fallbacks=["email"])
    mapped(api, customer={"externalId": "C-1", **EMAIL})
    Customer.objects.filter(pk=known.pk).update(email="", email_key="")
    stranger = _known(erp, number="K-2")
    mapping = mapped(api, externalId="T-2", customer={"externalId": "C-1", **EMAIL})
    assert mapping["customerId"] == known.pk != stranger.pk
    assert matched_by(mapping) == {"customer": "externalId"}
    assert called(erp.source_system) == {("customer", "C-1"): (known.pk, "email")}


def test_without_an_external_id_a_match_is_used_and_not_remembered(erp: IntegrationClient) -> None:
    known = _known(erp)
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber")
    assert mapped(api, customer=NUMBER)["customerId"] == known.pk
    assert Target.objects.get().customer == known
    assert not ExternalReference.objects.exists()


@pytest.mark.parametrize(("fallbacks", "found"), [(["email"], True), (["phone"], True), ([], False)])
def test_a_contact_is_looked_for_within_its_customer(
    erp: IntegrationClient, fallbacks: list[str], found: bool
) -> None:
    known, other = _known(erp), _known(erp, number="K-2", email="", phone="")
    refer(erp.source_system, "C-1", known)
    anna = contact(known, email="anna@rrm.example", phone="0201 99887")
    contact(other, email="anna@rrm.example", phone="0201 99887")
    api = client(erp, mapping_fallbacks=fallbacks)
    sent = {"externalId": "P-1", "email": "Anna@RRM.example", "phone": "+49 201 99887"}
    mapping = mapped(api, customer={"externalId": "C-1"}, contact=sent)
    assert mapping["customerContactId"] == (anna.pk if found else None)
    assert mapping["status"] == ("Mapped" if found else "PartiallyMapped")
    assert (("contact", "P-1") in called(erp.source_system)) is found


def test_a_contact_of_another_customer_is_not_found_by_email(erp: IntegrationClient) -> None:
    known, other = _known(erp), _known(erp, number="K-2")
    refer(erp.source_system, "C-1", known)
    contact(other, email="anna@rrm.example")
    api = client(erp, mapping_fallbacks=["email"])
    mapping = mapped(api, customer={"externalId": "C-1"}, contact={"email": "anna@rrm.example"})
    assert told(mapping) == [("contact_not_found", "contact")]


def test_two_contacts_with_one_phone_become_a_review(erp: IntegrationClient) -> None:
    known = _known(erp)
    refer(erp.source_system, "C-1", known)
    one, other = contact(known, phone="0201 99887"), contact(known, phone="+4920199887")
    api = client(erp, mapping_fallbacks=["phone"])
    mapping = mapped(
        api, customer={"externalId": "C-1"}, contact={"externalId": "P-1", "phone": "0201 99887"}
    )
    assert told(mapping) == [("ambiguous_contact", "contact")]
    assert ids(mapping) == (known.pk, None, None)
    review = MappingReview.objects.get()
    assert (review.kind, [c["id"] for c in review.candidates]) == ("contact", [one.pk, other.pk])


def test_manual_only_asks_about_everything_that_no_manager_decided(erp: IntegrationClient) -> None:
    known = _known(erp)
    refer(erp.source_system, "C-1", known, matched_by="created")
    api = client(
        erp, mapping_strategy="ManualOnly", mapping_fallbacks=["customerNumber"], create_locations=True
    )
    mapping = mapped(
        api,
        customer={"externalId": "C-1", **NUMBER},
        location={"externalId": "L-1", "name": "Werk"},
        contact={"displayName": "Anna"},
    )
    assert mapping["status"] == "NeedsReview"
    assert told(mapping) == [("mapping_needs_review", kind) for kind in ("customer", "location", "contact")]
    assert ids(mapping) == (None, None, None)
    reviews = {review.kind: review.candidates for review in MappingReview.objects.all()}
    assert reviews == {"customer": [{"id": known.pk}], "location": [], "contact": []}
    assert called(erp.source_system) == {("customer", "C-1"): (known.pk, "created")}


def test_manual_only_links_what_a_manager_decided(erp: IntegrationClient) -> None:
    known = _known(erp)
    works, anna = location(known), contact(known)
    for name, record in {"C-1": known, "L-1": works, "P-1": anna}.items():
        refer(erp.source_system, name, record, matched_by="manual")
    api = client(erp, mapping_strategy="ManualOnly")
    mapping = mapped(
        api, customer={"externalId": "C-1"}, location={"externalId": "L-1"}, contact={"externalId": "P-1"}
    )
    assert ids(mapping) == (known.pk, works.pk, anna.pk)
    assert set(matched_by(mapping).values()) == {"manual"}
    assert (mapping["status"], mapping["warnings"]) == ("Mapped", [])
    assert mapped(api, externalId="T-2", location={"externalId": "L-1"})["customerId"] == known.pk


def test_manual_only_does_not_mix_the_parts_of_two_customers(erp: IntegrationClient) -> None:
    known, other = _known(erp), _known(erp, number="K-2")
    works = location(other)
    refer(erp.source_system, "C-1", known, matched_by="manual")
    refer(erp.source_system, "L-1", works, matched_by="manual")
    api = client(erp, mapping_strategy="ManualOnly")
    mapping = mapped(api, customer={"externalId": "C-1"}, location={"externalId": "L-1"})
    assert ids(mapping) == (known.pk, None, None)
    assert told(mapping) == [("location_of_other_customer", "location")]


@pytest.mark.parametrize("strategy", ["ExternalIdFirst", "ManualOnly"])
def test_an_inactive_record_is_never_linked_not_even_by_a_decision(
    erp: IntegrationClient, strategy: str
) -> None:
    known = _known(erp, active=False)
    refer(erp.source_system, "C-1", known, matched_by="manual")
    mapping = mapped(client(erp, mapping_strategy=strategy), customer={"externalId": "C-1"})
    assert (mapping["status"], mapping["customerId"]) == ("NeedsReview", None)
    assert MappingReview.objects.get().candidates == [{"id": known.pk}]


def test_a_client_that_may_create_still_links_what_a_fallback_finds(erp: IntegrationClient, api: Api) -> None:
    known = _known(erp)
    erp.mapping_fallbacks = ["email"]
    erp.save()
    assert mapped(api, customer={"externalId": "C-1", "name": "New", **EMAIL})["customerId"] == known.pk
    assert Customer.objects.count() == 1
