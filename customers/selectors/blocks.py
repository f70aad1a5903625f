"""Customers, locations and contacts as events tell of them, by the ids that one source system gave them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import connection

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from customers.models import Contact, Customer, Location

Block = dict[str, Any]
# By kind and id.
RecordBlocks = Mapping[tuple[str, int], Block]

# One statement for all three, since a set of events needs them all. Who has several ids goes by the least, as
# in the API; "C" compares as Python does.
_RECORDS = """
SELECT 'customer', record.id, (
    SELECT min(external_id COLLATE "C") FROM customers_externalreference
    WHERE customer_id = record.id AND source_system_id = %(source)s
), record.number, record.name, NULL, NULL
FROM customers_customer AS record WHERE record.id = ANY(%(customer)s) AND record.tenant_id = %(tenant)s
UNION ALL
SELECT 'location', record.id, (
    SELECT min(external_id COLLATE "C") FROM customers_externalreference
    WHERE location_id = record.id AND source_system_id = %(source)s
), record.name, record.city, record.latitude::text, NULL
FROM customers_location AS record WHERE record.id = ANY(%(location)s) AND record.tenant_id = %(tenant)s
UNION ALL
SELECT 'contact', record.id, (
    SELECT min(external_id COLLATE "C") FROM customers_externalreference
    WHERE contact_id = record.id AND source_system_id = %(source)s
), record.display_name, record.role, record.email, record.phone
FROM customers_contact AS record WHERE record.id = ANY(%(contact)s) AND record.tenant_id = %(tenant)s
"""


def record_blocks(
    *, tenant_id: int, source_system_id: int, ids: Mapping[str, Collection[int]]
) -> RecordBlocks:
    """Return the blocks of records, whose ids are given by kind: one statement, none if there are no ids."""
    if not any(ids.values()):
        return {}
    wanted = {kind: sorted(ids.get(kind, ())) for kind in _BLOCKS}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"tenant": tenant_id, "source": source_system_id, **wanted})
        return {
            (kind, pk): _BLOCKS[kind](pk, external_id, *columns)
            for kind, pk, external_id, *columns in cursor.fetchall()
        }


def block_of(record: Customer | Location | Contact, external_id: str) -> Block:
    """Return the block of a record in memory, under an id that its sender has just called it by."""
    match record:
        case Customer():
            return _customer(record.id, external_id, record.number, record.name)
        case Location():
            return _location(record.id, external_id, record.name, record.city, record.latitude)
    return _contact(record.id, external_id, record.display_name, record.role, record.email, record.phone)


def _customer(pk: int, external_id: str | None, number: str, name: str, *_: Any) -> Block:
    return {
        "ordinavoCustomerId": pk,
        "externalId": external_id,
        "customerNumber": number or None,
        "name": name,
    }


def _location(
    pk: int, external_id: str | None, name: str, city: str, latitude: float | str | None, *_: Any
) -> Block:
    return {
        "ordinavoLocationId": pk,
        "externalId": external_id,
        "name": name,
        "city": city or None,
        "hasCoordinates": latitude is not None,
    }


def _contact(pk: int, external_id: str | None, name: str, *details: str) -> Block:
    role, email, phone = details
    return {
        "ordinavoContactId": pk,
        "externalId": external_id,
        "displayName": name,
        "role": role or None,
        "email": email or None,
        "phone": phone or None,
    }


_BLOCKS: dict[str, Callable[..., Block]] = {
    CUSTOMER: _customer,
    LOCATION: _location,
    CONTACT: _contact,
}
