"""Creating and updating: every switch with and without the scope."""

from typing import Any

import pytest

from customers.models import Contact, Customer, ExternalReference, Location
from integrations.models import IntegrationClient
from integrations.scopes import Scope
from targets.models import Target
from tests.customers.rows import contact, customer, location, refer
from tests.imports.mapped import KINDS, client, ids, mapped, matched_by, told, without

pytestmark = pytest.mark.django_db

PLURALS = {"customer": "customers", "location": "locations", "contact": "contacts"}
MODELS: dict[str, Any] = {"customer": Customer, "location": Location, "contact": Contact}
SENT = {
    "customer": {"externalId": "C-1", "name": "Rhein Ruhr"},
    "location": {"externalId": "L-1", "name": "Werk"},
    "contact": {"externalId": "P-1", "displayName": "Anna"},
}
WRITES = {True: without(), False: without(Scope.CUSTOMERS_WRITE)}


def _known_customer(erp: IntegrationClient) -> Customer:
    known = customer(erp.tenant)
    refer(erp.source_system, "C-1", known)
    return known


@pytest.mark.parametrize("may_write", WRITES)
@pytest.mark.parametrize("switched_on", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_record_is_created_only_with_its_switch_and_the_scope(
    erp: IntegrationClient, kind: str, switched_on: bool, may_write: bool
) -> None:
    others = {f"create_{PLURALS[k]}": k != kind for k in KINDS}
    switches = others | {f"create_{PLURALS[kind]}": switched_on}
    api = client(erp, scopes=WRITES[may_write], **switches)
    if kind != "customer":
        _known_customer(erp)
    before = Customer.objects.count()
    sent = {kind: SENT[kind]} | ({} if kind == "customer" else {"customer": {"externalId": "C-1"}})
    mapping = mapped(api, **sent)
    created = switched_on and may_write
    assert MODELS[kind].objects.count() == created + (before if kind == "customer" else 0)
    assert (matched_by(mapping)[kind] == "created") is created
    code = f"{kind}_not_found" if not switched_on else "create_not_permitted"
    assert told(mapping) == ([] if created else [(code, kind)])
    assert mapping["status"] == (
        "Created" if created else "NotMapped" if kind == "customer" else "PartiallyMapped"
    )


@pytest.mark.parametrize("may_write", WRITES)
@pytest.mark.parametrize("switched_on", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_known_record_is_updated_only_with_its_switch_and_the_scope(
    erp: IntegrationClient, kind: str, switched_on: bool, may_write: bool
) -> None:
    known = _known_customer(erp)
    works, anna = location(known, name="Old"), contact(known, display_name="Old")
    refer(erp.source_system, "L-1", works)
    refer(erp.source_system, "P-1", anna)
    switches = {f"update_{PLURALS[k]}": switched_on if k == kind else not switched_on for k in KINDS}
    api = client(erp, scopes=WRITES[may_write], **switches)
    mapping = mapped(api, **{kind: SENT[kind]})
    column = "display_name" if kind == "contact" else "name"
    sent = SENT[kind]["displayName" if kind == "contact" else "name"]
    row = MODELS[kind].objects.get()
    updated = switched_on and may_write
    assert (getattr(row, column) == sent) is updated
    assert (row.name_key == sent.casefold()) is updated
    assert told(mapping) == ([] if updated else [("update_not_permitted", kind)])
    assert mapping["status"] == "Mapped"
    assert ids(mapping)[KINDS.index(kind)] == row.pk


def test_nothing_is_said_of_updates_when_nothing_differs(erp: IntegrationClient) -> None:
    known = customer(erp.tenant, name="Rhein Ruhr", phone="0201 123456")
    refer(erp.source_system, "C-1", known)
    mapping = mapped(client(erp), customer={**SENT["customer"], "phone": "0201 123456"})
    assert (mapping["status"], mapping["warnings"]) == ("Mapped", [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_without_external_id_is_never_created(erp: IntegrationClient, kind: str) -> None:
    switches = {f"create_{PLURALS[k]}": True for k in KINDS}
    _known_customer(erp)
    sent = {name: value for name, value in SENT[kind].items() if name != "externalId"}
    known = {} if kind == "customer" else {"customer": {"externalId": "C-1"}}
    mapping = mapped(client(erp, **switches), **known, **{kind: sent})
    assert told(mapping) == [("create_needs_external_id", kind)]
    assert (Customer.objects.count(), Location.objects.count(), Contact.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("kind", ["location", "contact"])
def test_no_part_is_created_without_a_customer(erp: IntegrationClient, kind: str) -> None:
    api = client(erp, create_locations=True, create_contacts=True)
    mapping = mapped(api, **{kind: SENT[kind]})
    assert told(mapping) == [(f"{kind}_not_found", kind)]
    assert mapping["status"] == "NotMapped"
    mapping = mapped(api, externalId="T-2", customer={"externalId": "C-9"}, **{kind: SENT[kind]})
    assert told(mapping) == [("customer_not_found", "customer"), (f"{kind}_not_found", kind)]
    assert not Location.objects.exists()
    assert not Contact.objects.exists()


def test_a_part_is_created_under_the_customer_that_the_target_has(erp: IntegrationClient) -> None:
    known = _known_customer(erp)
    api = client(erp, create_locations=True, create_contacts=True)
    mapped(api, customer={"externalId": "C-1"})
    mapping = mapped(api, location=SENT["location"], contact=SENT["contact"])
    assert (Location.objects.get().customer, Contact.objects.get().customer) == (known, known)
    assert (mapping["status"], mapping["customerId"]) == ("Created", known.pk)


def test_no_part_is_created_under_an_inactive_customer(erp: IntegrationClient) -> None:
    known = _known_customer(erp)
    api = client(erp, create_locations=True, create_contacts=True)
    mapped(api, customer={"externalId": "C-1"})
    Customer.objects.update(active=False)
    mapping = mapped(api, location=SENT["location"])
    assert told(mapping) == [("customer_inactive", "location")]
    assert not Location.objects.exists()
    assert Target.objects.get().customer == known


def test_a_customer_without_a_name_is_not_created(erp: IntegrationClient) -> None:
    api = client(erp, create_customers=True)
    for nameless in ({}, {"name": ""}, {"name": None}):
        mapping = mapped(api, customer={"externalId": "C-1", "email": "a@b.de", **nameless})
        assert told(mapping) == [("customer_not_found", "customer")]
    assert not Customer.objects.exists()


def test_a_part_without_a_name_is_called_by_what_else_was_sent(erp: IntegrationClient) -> None:
    _known_customer(erp)
    api = client(erp, create_locations=True, create_contacts=True)
    mapped(
        api,
        customer={"externalId": "C-1"},
        location={"externalId": "L-1", "city": "Essen"},
        contact={"externalId": "P-1"},
    )
    assert (Location.objects.get().name, Contact.objects.get().display_name) == ("Essen", "P-1")


def test_updates_touch_only_what_was_linked_by_external_id(erp: IntegrationClient) -> None:
    known = customer(erp.tenant, number="K-1", name="Old")
    api = client(erp, mapping_strategy="ExternalIdThenCustomerNumber", update_customers=True)
    sent = {"externalId": "C-1", "customerNumber": "K-1", "name": "New"}
    assert mapped(api, customer=sent)["warnings"] == []
    known.refresh_from_db()
    assert known.name == "Old"
    mapped(api, customer=sent)
    known.refresh_from_db()
    assert known.name == "New"


def test_an_update_never_changes_the_customer_number(erp: IntegrationClient) -> None:
    known = customer(erp.tenant, number="K-1")
    refer(erp.source_system, "C-1", known)
    api = client(erp, update_customers=True)
    for sent in ("K-2", None, ""):
        mapping = mapped(api, customer={"externalId": "C-1", "customerNumber": sent, "name": "New"})
        assert told(mapping) == ([("customer_number_kept", "customer.customerNumber")] if sent else [])
    known.refresh_from_db()
    assert (known.number, known.name) == ("K-1", "New")


def test_a_created_record_is_named_by_the_tenants_source_system(erp: IntegrationClient) -> None:
    api = client(erp, create_customers=True, create_locations=True, create_contacts=True)
    mapped(api, **SENT)
    rows = ExternalReference.objects.order_by("kind").values_list(
        "kind", "external_id", "matched_by", "source_system", "tenant"
    )
    ours = (erp.source_system_id, erp.tenant_id)
    assert list(rows) == [
        ("contact", "P-1", "created", *ours),
        ("customer", "C-1", "created", *ours),
        ("location", "L-1", "created", *ours),
    ]


@pytest.mark.parametrize("blank", ["", "   ", None])
@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_external_id_names_nobody(erp: IntegrationClient, kind: str, blank: str | None) -> None:
    _known_customer(erp)
    api = client(erp, create_customers=True, create_locations=True, create_contacts=True)
    known = {} if kind == "customer" else {"customer": {"externalId": "C-1"}}
    mapping = mapped(api, **known, **{kind: {**SENT[kind], "externalId": blank}})
    assert told(mapping) == [("create_needs_external_id", kind)]
    assert ExternalReference.objects.count() == 1


def test_external_ids_are_opaque(erp: IntegrationClient) -> None:
    api = client(erp, create_customers=True)
    for number, external_id in enumerate(
        ["c-1", "C-1", " C-1", "C-1 ", "0", "\N{WHITE SMILING FACE}", "x" * 128]
    ):
        sent = {"externalId": external_id, "name": external_id}
        assert mapped(api, externalId=f"T-{number}", customer=sent)["status"] == "Created"
        assert ExternalReference.objects.filter(external_id=external_id).count() == 1
    assert Customer.objects.count() == 7
