"""Records that are sent again: absent keeps, null clears, links follow what was sent last."""

from typing import Any

import pytest

from customers.models import Contact, Customer, Location
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.imports.models import ImportItem
from targets.models import Target
from tests.api import Api
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import client, ids, mapped, told, without
from tests.imports.sending import imported, payload, result, send

pytestmark = pytest.mark.django_db

CUSTOMER = {
    "externalId": "C-1",
    "customerNumber": "K-1",
    "name": "Rhein Ruhr",
    "type": "Business",
    "industry": "Steel",
    "email": "Info@RRM.example",
    "phone": "0201 / 123456",
}
LOCATION = {
    "externalId": "L-1",
    "name": "Werk",
    "street": "Hafenstr. 1",
    "postalCode": "45127",
    "city": "Essen",
    "country": "de",
    "latitude": 51.45,
    "longitude": 7.01,
    "defaultEstimatedWorkMinutes": 90,
    "defaultPriority": "high",
    "accessNotes": "Gate 2",
    "parkingNotes": "Yard",
}
CONTACT = {
    "externalId": "P-1",
    "displayName": "Anna Weber",
    "role": "Boss",
    "email": "anna@rrm.example",
    "phone": "0171 1234567",
}
ALL: dict[str, Any] = {"customer": CUSTOMER, "location": LOCATION, "contact": CONTACT}


def _row(model: Any) -> dict[str, Any]:
    columns: dict[str, Any] = model.objects.values().get()
    return {
        name: value
        for name, value in columns.items()
        if name not in {"id", "tenant_id", "customer_id", "created_at", "updated_at"}
    }


def test_every_member_is_kept_and_normalised_beside(api: Api) -> None:
    mapped(api, **ALL)
    assert _row(Customer) == {
        "active": True,
        "default_estimated_work_minutes": None,
        "default_priority": "",
        "number": "K-1",
        "name": "Rhein Ruhr",
        "name_key": "rhein ruhr",
        "type": "Business",
        "industry": "Steel",
        "email": "Info@RRM.example",
        "email_key": "info@rrm.example",
        "phone": "0201 / 123456",
        "phone_key": "+49201123456",
    }
    assert _row(Location) == {
        "active": True,
        "default_estimated_work_minutes": 90,
        "default_priority": "High",
        "name": "Werk",
        "name_key": "werk",
        "street": "Hafenstr. 1",
        "postal_code": "45127",
        "city": "Essen",
        "country": "DE",
        "latitude": 51.45,
        "longitude": 7.01,
        "access_notes": "Gate 2",
        "parking_notes": "Yard",
    }
    assert _row(Contact) == {
        "active": True,
        "display_name": "Anna Weber",
        "name_key": "anna weber",
        "role": "Boss",
        "email": "anna@rrm.example",
        "email_key": "anna@rrm.example",
        "phone": "0171 1234567",
        "phone_key": "+491711234567",
    }


CHANGES: dict[str, tuple[dict[str, Any], Any, dict[str, Any]]] = {
    "contact phone null": (
        {"contact": {"externalId": "P-1", "phone": None}},
        Contact,
        {"phone": "", "phone_key": ""},
    ),
    "contact role": ({"contact": {"externalId": "P-1", "role": "Owner"}}, Contact, {"role": "Owner"}),
    "contact e-mail empty": (
        {"contact": {"externalId": "P-1", "email": ""}},
        Contact,
        {"email": "", "email_key": ""},
    ),
    "contact name null keeps": ({"contact": {"externalId": "P-1", "displayName": None}}, Contact, {}),
    "customer junk phone": (
        {"customer": {"externalId": "C-1", "phone": "n/a"}},
        Customer,
        {"phone": "n/a", "phone_key": ""},
    ),
    "customer type null": ({"customer": {"externalId": "C-1", "type": None}}, Customer, {"type": ""}),
    "customer name": (
        {"customer": {"externalId": "C-1", "name": "Neu AG"}},
        Customer,
        {"name": "Neu AG", "name_key": "neu ag"},
    ),
    "customer number null keeps": (
        {"customer": {"externalId": "C-1", "customerNumber": None}},
        Customer,
        {},
    ),
    "coordinates": (
        {"location": {"externalId": "L-1", "latitude": 0, "longitude": 180}},
        Location,
        {"latitude": 0.0, "longitude": 180.0},
    ),
    "coordinates null": (
        {"location": {"externalId": "L-1", "latitude": None, "longitude": None}},
        Location,
        {"latitude": None, "longitude": None},
    ),
    "location minutes and priority null": (
        {"location": {"externalId": "L-1", "defaultEstimatedWorkMinutes": None, "defaultPriority": None}},
        Location,
        {"default_estimated_work_minutes": None, "default_priority": ""},
    ),
    "location country null": (
        {"location": {"externalId": "L-1", "country": None}},
        Location,
        {"country": ""},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_absent_keeps_and_null_clears(api: Api, name: str) -> None:
    sent, model, changed = CHANGES[name]
    mapped(api, **ALL)
    before = {kind: _row(kind) for kind in (Customer, Location, Contact)}
    mapping = mapped(api, **sent)
    assert (mapping["status"], mapping["warnings"]) == ("Mapped", [])
    assert {kind: _row(kind) for kind in before} == before | {model: before[model] | changed}


@pytest.mark.parametrize(
    "half", [{"latitude": 1}, {"longitude": 1}, {"latitude": None}, {"latitude": 1, "longitude": None}]
)
def test_half_a_coordinate_of_a_location_is_refused(api: Api, half: dict[str, Any]) -> None:
    mapped(api, **ALL)
    assert result(send(api, location={"externalId": "L-1", **half})) == "400 incomplete_coordinates"
    assert (Location.objects.get().latitude, Location.objects.get().longitude) == (51.45, 7.01)


def test_a_record_changes_although_its_target_does_not(api: Api) -> None:
    mapped(api, **ALL)
    item = imported(send(api, customer={**CUSTOMER, "industry": "Ships"}))
    assert item["result"] == "Unchanged"
    assert Customer.objects.get().industry == "Ships"
    assert Target.objects.get().revision == 1


def test_a_refused_target_changes_and_creates_nothing(api: Api) -> None:
    mapped(api, **ALL)
    refused: dict[str, Any] = {
        "operation": "create",
        "customer": {**CUSTOMER, "name": "Other"},
        "contact": {"externalId": "P-2", "displayName": "Neu"},
    }
    assert result(send(api, **refused)) == "422 external_id_exists"
    window = {"preferredTimeWindowEnd": "2026-07-01T08:00:00Z"}
    send(api, planning={"preferredTimeWindowStart": "2026-07-01T07:00:00Z", **window})
    late: dict[str, Any] = {
        "planning": {"preferredTimeWindowStart": "2026-07-01T09:00:00Z"},
        "customer": {**CUSTOMER, "name": "X"},
    }
    assert send(api, **late).status_code == 422
    assert Customer.objects.get().name == "Rhein Ruhr"
    assert Contact.objects.count() == 1


def _two_worlds(erp: IntegrationClient) -> dict[str, tuple[Customer, Location, Contact]]:
    worlds = {}
    for name in ("A", "B"):
        row = customer(erp.tenant, name=name)
        works, anna = location(row), contact(row)
        for letter, record in {"C": row, "L": works, "P": anna}.items():
            refer(erp.source_system, f"{letter}-{name}", record)
        worlds[name] = (row, works, anna)
    return worlds


def _of(name: str) -> dict[str, Any]:
    letters = {"customer": "C", "location": "L", "contact": "P"}
    return {kind: {"externalId": f"{letter}-{name}"} for kind, letter in letters.items()}


def _links() -> tuple[Any, ...]:
    target = Target.objects.get()
    return target.customer, target.location, target.contact


def test_a_change_of_customer_drops_the_parts_of_the_old_one(erp: IntegrationClient) -> None:
    a, b = _two_worlds(erp).values()
    api = client(erp)
    mapped(api, **_of("A"))
    assert _links() == a
    item = imported(send(api, customer={"externalId": "C-B"}))
    assert item["result"] == "Updated"
    assert _links() == (b[0], None, None)


def test_the_same_customer_keeps_its_parts(erp: IntegrationClient) -> None:
    a = _two_worlds(erp)["A"]
    api = client(erp)
    mapped(api, **_of("A"))
    assert imported(send(api, customer={"externalId": "C-A"}))["result"] == "Unchanged"
    assert _links() == a


def test_a_location_of_another_customer_brings_its_customer(erp: IntegrationClient) -> None:
    b = _two_worlds(erp)["B"]
    api = client(erp)
    mapped(api, **_of("A"))
    mapping = mapped(api, location={"externalId": "L-B"})
    assert ids(mapping) == (b[0].pk, b[1].pk, None)
    assert _links() == (b[0], b[1], None)


def test_what_was_sent_and_not_mapped_leaves_no_old_link(erp: IntegrationClient) -> None:
    a = _two_worlds(erp)["A"]
    api = client(erp)
    mapped(api, **_of("A"))
    mapped(api, contact={"externalId": "P-9"})
    assert _links() == (a[0], a[1], None)
    mapped(api, customer={"externalId": "C-9"})
    assert _links() == (None, None, None)


@pytest.mark.parametrize(
    ("cleared", "left"),
    [
        ("customer", (False, False, False)),
        ("location", (True, False, True)),
        ("contact", (True, True, False)),
    ],
)
def test_null_clears_a_link(erp: IntegrationClient, cleared: str, left: tuple[bool, ...]) -> None:
    a = _two_worlds(erp)["A"]
    api = client(erp)
    mapped(api, **_of("A"))
    sent: dict[str, Any] = {cleared: None}
    item = imported(send(api, **sent))
    assert (item["result"], item["customerMapping"]) == ("Updated", None)
    assert _links() == tuple(record if stays else None for record, stays in zip(a, left, strict=True))
    told_now = Target.objects.get().mapping
    links = tuple(record.pk if stays else None for record, stays in zip(a, left, strict=True))
    assert told_now is None if cleared == "customer" else told_now and ids(told_now) == links


def test_the_target_keeps_what_was_told_last(erp: IntegrationClient) -> None:
    _two_worlds(erp)
    api = client(erp)
    mapped(api, customer={"externalId": "C-A", "name": "Differs"})
    mapping = mapped(api, customer={"externalId": "C-A", "name": "A"})
    assert mapping["warnings"] == []
    assert Target.objects.get().mapping == mapping


FLAT = {
    "name": "Rhein Ruhr",
    "contactName": "Anna Weber",
    "phone": "0201 123456",
    "email": "anna@rrm.example",
}


def test_flat_data_without_the_scope_is_kept_as_text(erp: IntegrationClient) -> None:
    customer(erp.tenant, email="anna@rrm.example")
    api = client(erp, scopes=without(Scope.CUSTOMERS_MAP), mapping_fallbacks=["email"], create_customers=True)
    mapping = mapped(api, customer=FLAT)
    assert (mapping["status"], ids(mapping)) == ("NotMapped", (None, None, None))
    assert told(mapping) == [("mapping_scope_missing", "customer")]
    assert Target.objects.get().customer_text == FLAT
    assert Customer.objects.count() == 1
    assert ImportItem.objects.get().mapping_status == "NotMapped"


def test_flat_text_of_somebody_else_does_not_keep_the_old_customer(erp: IntegrationClient) -> None:
    _two_worlds(erp)
    mapped(client(erp), **_of("A"))
    mapped(client(erp, scopes=without(Scope.CUSTOMERS_MAP)), customer={"name": "Somebody else"})
    assert _links() == (None, None, None)


@pytest.mark.parametrize(
    "sent",
    [
        {"location": {"name": "x"}},
        {"contact": {"displayName": "x"}},
        {"customer": {"externalId": "C"}},
        {"customer": {"customerNumber": "K"}},
    ],
)
def test_records_that_say_who_they_are_need_the_scope(erp: IntegrationClient, sent: dict[str, Any]) -> None:
    api = client(erp, scopes=without(Scope.CUSTOMERS_MAP))
    answer = api.post("/inbound/targets", payload(**sent))
    assert answer.status_code == 403
    assert answer.json()["error"]["requiredScope"] == "customers.map"
    assert not Target.objects.exists()


def test_beside_a_contact_name_email_and_phone_are_no_evidence_for_the_customer(
    erp: IntegrationClient,
) -> None:
    customer(erp.tenant, email="anna@rrm.example", phone="0201 123456")
    api = client(erp, mapping_fallbacks=["email", "phone"])
    mapping = mapped(api, customer=FLAT)
    assert (mapping["status"], ids(mapping)) == ("NotMapped", (None, None, None))
    assert told(mapping) == [
        ("customer_not_found", "customer"),
        ("contact_not_found", "customer.contactName"),
    ]
    assert Target.objects.get().customer_text == FLAT


def test_without_a_contact_name_flat_email_and_phone_are_evidence(erp: IntegrationClient) -> None:
    known = customer(erp.tenant, email="anna@rrm.example")
    api = client(erp, mapping_fallbacks=["email"])
    assert mapped(api, customer={"name": "x", "email": "anna@rrm.example"})["customerId"] == known.pk


def test_the_flat_contact_is_found_within_a_number_s_customer(erp: IntegrationClient) -> None:
    known = customer(erp.tenant, number="K-1")
    anna = contact(known, phone="0201 123456")
    api = client(erp, mapping_fallbacks=["customerNumber", "phone"])
    mapping = mapped(api, customer={**FLAT, "customerNumber": "K-1"})
    assert ids(mapping) == (known.pk, None, anna.pk)


def test_a_contact_is_stronger_than_a_contact_name(api: Api) -> None:
    item = imported(send(api, customer={**CUSTOMER, "contactName": "Old"}, contact=CONTACT))
    assert [warning["code"] for warning in item["warnings"]] == ["contact_name_ignored"]
    assert Contact.objects.get().display_name == "Anna Weber"
    assert (Customer.objects.get().email, Customer.objects.get().phone) == ("", "")


def test_new_form_data_empties_the_kept_text(erp: IntegrationClient, api: Api) -> None:
    mapped(api, customer=FLAT)
    mapped(api, customer=CUSTOMER)
    assert Target.objects.get().customer_text is None
    mapped(api, customer=FLAT)
    send(api, customer=None)
    assert Target.objects.get().customer_text is None
