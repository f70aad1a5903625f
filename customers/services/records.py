"""Customers, locations and contacts follow from what they were given, their normalised columns too."""

from typing import Any, TypeVar

from customers.matching.drafts import CUSTOMER, LOCATION, RecordDraft
from customers.matching.normalise import email_key, name_key
from customers.matching.phones import phone_key
from customers.models import Contact, Customer, Location
from ordinavo.kernel.lean import new_row
from ordinavo.tenants.models import Tenant

# An e-mail address that stands in for a name may be longer than a name.
_NAME_LENGTH = 200

AnyRecord = TypeVar("AnyRecord", Customer, Location, Contact)


def with_keys(record: AnyRecord) -> AnyRecord:
    """Fill the `*_key` columns; call it before a record is stored. A phone's country is the tenant's."""
    record.name_key = name_key(record.display_name if isinstance(record, Contact) else record.name)
    if not isinstance(record, Location):
        record.email_key = email_key(record.email)
        record.phone_key = phone_key(record.phone, record.tenant.country) if record.phone else ""
    return record


def new_record(
    draft: RecordDraft, *, tenant: Tenant, customer: Customer | None
) -> Customer | Location | Contact:
    """Return the record that a draft asks for, not stored yet; a location or contact needs its customer."""
    values = dict(draft.values)
    if draft.kind == CUSTOMER:
        return with_keys(new_row(Customer, values, tenant=tenant))
    assert customer is not None  # noqa: S101  (the judge creates nothing without one, nor does a manager)
    if draft.kind == LOCATION:
        values["name"] = _first(values, "name", "street", "city") or draft.external_id
        return with_keys(new_row(Location, values, tenant=tenant, customer=customer))
    values["display_name"] = _first(values, "display_name", "email", "phone") or draft.external_id
    return with_keys(new_row(Contact, values, tenant=tenant, customer=customer))


def _first(values: dict[str, Any], *columns: str) -> str:
    return next((values[column][:_NAME_LENGTH] for column in columns if values.get(column)), "")
