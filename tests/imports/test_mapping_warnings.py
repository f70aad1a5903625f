"""Every warning with its path, the order of statuses, and what a client without `customers.read` is told."""

from typing import Any

import pytest

from customers.models import Customer
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.models import MappingReview
from targets.models import Target
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import client, ids, mapped, matched_by, told, without
from tests.imports.sending import imported, send

pytestmark = pytest.mark.django_db

TELLING = {
    "ambiguous_customer",
    "customer_number_conflict",
    "location_of_other_customer",
    "contact_of_other_customer",
    "customer_inactive",
}


@pytest.fixture
def world(erp: IntegrationClient) -> IntegrationClient:
    """Two known customers with a location and a contact each; a pair with one number; inactive ones."""
    for name in ("A", "B"):
        row = customer(erp.tenant, name=name, number=f"K-{name}")
        refer(erp.source_system, f"C-{name}", row)
        refer(erp.source_system, f"L-{name}", location(row))
        refer(erp.source_system, f"P-{name}", contact(row))
    for _ in range(2):
        customer(erp.tenant, name="Twin", number="K-TWIN")
    asleep = customer(erp.tenant, name="Asleep", active=False)
    refer(erp.source_system, "C-ASLEEP", asleep)
    refer(erp.source_system, "L-ASLEEP", location(asleep))
    refer(erp.source_system, "L-CLOSED", location(Customer.objects.get(name="A"), active=False))
    return erp


C = {"externalId": "C-A"}
# What is sent, the code, its path, the status, and which of customer, location and contact are linked.
CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]], str, str]] = {
    "all known": (
        {"customer": C, "location": {"externalId": "L-A"}, "contact": {"externalId": "P-A"}},
        [],
        "Mapped",
        "clp",
    ),
    "number of several": (
        {"customer": {"externalId": "C-9", "customerNumber": "K-TWIN"}},
        [("ambiguous_customer", "customer")],
        "NeedsReview",
        "",
    ),
    "number of another": (
        {"customer": {**C, "customerNumber": "K-B"}},
        [("customer_number_conflict", "customer")],
        "NeedsReview",
        "",
    ),
    "parts of a customer in doubt": (
        {
            "customer": {**C, "customerNumber": "K-B"},
            "location": {"externalId": "L-A"},
            "contact": {"displayName": "Anna"},
        },
        [("customer_number_conflict", "customer")],
        "NeedsReview",
        "",
    ),
    "number of nobody": (
        {"customer": {**C, "customerNumber": "K-9"}},
        [("customer_number_kept", "customer.customerNumber")],
        "Mapped",
        "c",
    ),
    "location of another": (
        {"customer": C, "location": {"externalId": "L-B"}},
        [("location_of_other_customer", "location")],
        "NeedsReview",
        "c",
    ),
    "contact of another": (
        {"customer": C, "contact": {"externalId": "P-B"}},
        [("contact_of_other_customer", "contact")],
        "NeedsReview",
        "c",
    ),
    "location and contact of two": (
        {"location": {"externalId": "L-A"}, "contact": {"externalId": "P-B"}},
        [("contact_of_other_customer", "contact")],
        "NeedsReview",
        "cl",
    ),
    "unknown customer, known location": (
        {"customer": {"externalId": "C-9", "name": "New"}, "location": {"externalId": "L-A"}},
        [("location_of_other_customer", "customer")],
        "NeedsReview",
        "",
    ),
    "unknown customer, known contact": (
        {
            "customer": {"externalId": "C-9", "name": "New"},
            "location": {"externalId": "L-9"},
            "contact": {"externalId": "P-A"},
        },
        [("contact_of_other_customer", "customer")],
        "NeedsReview",
        "",
    ),
    "unknown number, known location": (
        {"customer": {"customerNumber": "K-9"}, "location": {"externalId": "L-A"}},
        [("location_of_other_customer", "customer")],
        "NeedsReview",
        "",
    ),
    "flat name, known location": (
        {"customer": {"name": "Whoever"}, "location": {"externalId": "L-A"}},
        [],
        "Mapped",
        "cl",
    ),
    "known location alone": ({"location": {"externalId": "L-A"}}, [], "Mapped", "cl"),
    "known contact alone": ({"contact": {"externalId": "P-A"}}, [], "Mapped", "cp"),
    "inactive customer": (
        {"customer": {"externalId": "C-ASLEEP"}},
        [("customer_inactive", "customer")],
        "NeedsReview",
        "",
    ),
    "location of an inactive customer": (
        {"location": {"externalId": "L-ASLEEP"}},
        [("customer_inactive", "location")],
        "NeedsReview",
        "",
    ),
    "inactive location": (
        {"customer": C, "location": {"externalId": "L-CLOSED"}},
        [("mapping_needs_review", "location")],
        "NeedsReview",
        "c",
    ),
    "unknown everything": (
        {
            "customer": {"externalId": "C-9"},
            "location": {"externalId": "L-9"},
            "contact": {"externalId": "P-9"},
        },
        [
            ("customer_not_found", "customer"),
            ("location_not_found", "location"),
            ("contact_not_found", "contact"),
        ],
        "NotMapped",
        "",
    ),
    "unknown parts": (
        {"customer": C, "location": {"externalId": "L-9"}, "contact": {"externalId": "P-A"}},
        [("location_not_found", "location")],
        "PartiallyMapped",
        "cp",
    ),
    "other data": (
        {"customer": {**C, "name": "Other"}},
        [("update_not_permitted", "customer")],
        "Mapped",
        "c",
    ),
}


def _links(target: Target) -> str:
    links = {"c": target.customer_id, "l": target.location_id, "p": target.contact_id}
    return "".join(letter for letter, pk in links.items() if pk)


@pytest.mark.parametrize("name", CASES)
def test_a_doubt_is_told_with_its_path_and_never_linked(world: IntegrationClient, name: str) -> None:
    sent, warnings, status, linked = CASES[name]
    mapping = mapped(client(world, mapping_strategy="ExternalIdThenCustomerNumber"), **sent)
    assert told(mapping) == warnings
    assert mapping["status"] == status
    target = Target.objects.get()
    assert _links(target) == linked
    assert ids(mapping) == (target.customer_id, target.location_id, target.contact_id)
    assert target.mapping == mapping
    assert all(warning["message"] for warning in mapping["warnings"])
    doubts = [code for code, _ in warnings if code in {*TELLING, "mapping_needs_review"}]
    assert MappingReview.objects.count() == len(doubts)


@pytest.mark.parametrize("name", CASES)
def test_without_customers_read_only_the_status_and_bare_codes_are_told(
    world: IntegrationClient, name: str
) -> None:
    sent, warnings, status, linked = CASES[name]
    api = client(world, mapping_strategy="ExternalIdThenCustomerNumber", scopes=without(Scope.CUSTOMERS_READ))
    answer = send(api, **sent)
    mapping = imported(answer)["customerMapping"]
    cut = ["mapping_needs_review" if code in TELLING else code for code, _ in warnings]
    assert mapping == {"status": status, "warnings": [{"code": code} for code in dict.fromkeys(cut)]}
    job = answer.json()["importJobId"]
    read = api.get(f"/import-jobs/{job}/items").json()["results"]
    assert [item["customerMapping"] for item in read] == [mapping]
    assert _links(Target.objects.get()) == linked


def test_telling_codes_become_one_when_the_answer_is_cut(world: IntegrationClient) -> None:
    api = client(world, scopes=without(Scope.CUSTOMERS_READ))
    mapping = mapped(api, customer=C, location={"externalId": "L-B"}, contact={"externalId": "P-B"})
    assert mapping == {"status": "NeedsReview", "warnings": [{"code": "mapping_needs_review"}]}


def test_a_cut_answer_names_no_other_record(world: IntegrationClient) -> None:
    api = client(world, scopes=without(Scope.CUSTOMERS_READ))
    answer = send(api, customer={**C, "customerNumber": "K-B"}, location={"externalId": "L-B"})
    said = answer.content.decode()
    for secret in ("K-A", "K-B", "C-B", "Rhein", "customerId", "details", "candidates"):
        assert secret not in said


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"customer": C, "location": {"externalId": "L-9", "name": "Neu"}}, "Created"),
        (
            {
                "customer": C,
                "location": {"externalId": "L-9", "name": "Neu"},
                "contact": {"displayName": "Anna"},
            },
            "PartiallyMapped",
        ),
        (
            {
                "customer": C,
                "location": {"externalId": "L-9", "name": "Neu"},
                "contact": {"externalId": "P-B"},
            },
            "NeedsReview",
        ),
        (
            {
                "customer": C,
                "location": {"displayName": "x", "name": "Neu"},
                "contact": {"externalId": "P-B"},
            },
            "NeedsReview",
        ),
        ({"customer": C, "location": {"externalId": "L-A"}}, "Mapped"),
        ({"customer": {"name": "Whoever"}}, "NotMapped"),
    ],
)
def test_the_first_status_that_applies_is_told(
    world: IntegrationClient, sent: dict[str, Any], status: str
) -> None:
    assert mapped(client(world, create_locations=True), **sent)["status"] == status


def test_details_say_how_each_record_was_found(world: IntegrationClient) -> None:
    api = client(world, create_locations=True)
    mapping = mapped(
        api, customer=C, location={"externalId": "L-9", "name": "Neu"}, contact={"displayName": "Anna"}
    )
    assert mapping["details"] == {
        "customer": {
            "matchedBy": "externalId",
            "score": 1.0,
            "evidence": {"externalId": "agrees"},
            "runnerUpScore": None,
        },
        "location": {"matchedBy": "created", "score": 1.0, "evidence": {}, "runnerUpScore": None},
        "contact": {"matchedBy": None, "score": None, "evidence": {}, "runnerUpScore": None},
    }


def test_no_customer_data_is_no_mapping(api: Api) -> None:
    nothing: list[dict[str, Any]] = [{}, {"customer": {}, "location": {}, "contact": {}}, {"customer": None}]
    for sent in nothing:
        assert imported(send(api, **sent))["customerMapping"] is None


def test_a_number_that_agrees_with_the_locations_customer_is_no_doubt(world: IntegrationClient) -> None:
    api = client(world, mapping_strategy="ExternalIdOnly")
    mapping = mapped(api, customer={"customerNumber": "K-A"}, location={"externalId": "L-A"})
    assert (mapping["status"], mapping["warnings"]) == ("Mapped", [])
    assert matched_by(mapping) == {"customer": "externalId", "location": "externalId"}


def test_creating_a_customer_whose_number_is_taken_becomes_a_review(world: IntegrationClient) -> None:
    for holder in (Customer.objects.get(name="B"), Customer.objects.get(name="Asleep")):
        holder.number = "K-B"
        holder.save()
    mapping = mapped(
        client(world, create_customers=True),
        customer={"externalId": "C-9", "customerNumber": "K-B", "name": "New"},
    )
    assert told(mapping) == [("customer_number_conflict", "customer")]
    taken = Customer.objects.filter(number="K-B").order_by("id").values_list("id", flat=True)
    assert [c["id"] for c in MappingReview.objects.get().candidates] == list(taken)
    assert not Customer.objects.filter(name="New").exists()
