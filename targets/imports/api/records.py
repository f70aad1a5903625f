"""The customer, location and contact of a payload, in its new and its old form."""

from typing import Any

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION, RecordDraft, RecordSet
from targets.imports.api import columns

_COLUMNS = {CUSTOMER: columns.CUSTOMER, LOCATION: columns.LOCATION, CONTACT: columns.CONTACT}
_NAMES = {CUSTOMER: "name", LOCATION: "name", CONTACT: "display_name"}


def is_flat(sent: dict[str, Any]) -> bool:
    """Whether there is a customer in the old flat form, which says nothing of who it is."""
    customer = sent.get("customer") or {}
    return bool(customer) and not (_external_id(customer) or customer.get("customerNumber"))


def contact_name(sent: dict[str, Any]) -> str:
    """Return the old form's name of the contact, or ""."""
    return (sent.get("customer") or {}).get("contactName") or ""


def customer_text(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the column that keeps flat customer data as text; new-form data empties it."""
    if "customer" not in sent:
        return {}
    return {"customer_text": dict(sent["customer"]) if is_flat(sent) else None}


def cleared(sent: dict[str, Any]) -> frozenset[str]:
    """Return the kinds that were sent as null."""
    return frozenset(kind for kind in _COLUMNS if kind in sent and sent[kind] is None)


def record_set(sent: dict[str, Any]) -> RecordSet:
    """Return the records that were sent; an empty object says nothing and counts as not sent."""
    drafts = {kind: _draft(kind, sent[kind]) for kind in _COLUMNS if sent.get(kind)}
    name = contact_name(sent)
    if name:
        drafts |= _old_form(sent["customer"], name, drafts)
    return RecordSet(**drafts)


def _old_form(customer: dict[str, Any], name: str, drafts: dict[str, RecordDraft]) -> dict[str, RecordDraft]:
    """Beside a contact's name, e-mail and phone are the contact's, never evidence for the customer."""
    own = {member: value for member, value in customer.items() if member not in {"email", "phone"}}
    reached: dict[str, Any] = {
        member: customer[member] for member in ("email", "phone") if member in customer
    }
    contact = RecordDraft(
        CONTACT,
        "",
        columns.columns_of({"displayName": name, **reached}, columns.CONTACT),
        path="customer.contactName",
    )
    return {CUSTOMER: _draft(CUSTOMER, own), CONTACT: drafts.get(CONTACT, contact)}


def _draft(kind: str, sent: dict[str, Any]) -> RecordDraft:
    values = columns.columns_of(sent, _COLUMNS[kind])
    # A record never loses its name: an empty one counts as not sent.
    if not values.get(_NAMES[kind], "-"):
        del values[_NAMES[kind]]
    return RecordDraft(kind, _external_id(sent), values, path=kind)


def _external_id(sent: dict[str, Any]) -> str:
    """Return the external id as it was sent; a blank one names nobody."""
    external_id: str = sent.get("externalId") or ""
    return external_id if external_id.strip() else ""
