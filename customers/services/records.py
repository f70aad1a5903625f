"""Normalised columns of customers, locations and contacts follow from what they were given."""

from typing import TypeVar

from customers.matching.normalise import email_key, name_key
from customers.matching.phones import phone_key
from customers.models import Contact, Customer, Location

AnyRecord = TypeVar("AnyRecord", Customer, Location, Contact)


def with_keys(record: AnyRecord) -> AnyRecord:
    """Fill the `*_key` columns; call it before a record is stored. A phone's country is the tenant's."""
    record.name_key = name_key(record.display_name if isinstance(record, Contact) else record.name)
    if not isinstance(record, Location):
        record.email_key = email_key(record.email)
        record.phone_key = phone_key(record.phone, record.tenant.country) if record.phone else ""
    return record
