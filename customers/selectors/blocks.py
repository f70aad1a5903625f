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
SELECT 'customer', record.id, json_build_object(
    'ordinavoCustomerId', record.id,
    'externalId', (
        SELECT min(external_id COLLATE "C") FROM customers_externalreference
        WHERE customer_id = record.id AND source_system_id = %(source)s
    ),
    'customerNumber', NULLIF(record.number, ''),
    'name', record.name
)
FROM customers_customer AS record WHERE record.id = ANY(%(customer)s) AND record.tenant_id = %(tenant)s
UNION ALL
SELECT 'location', record.id, json_build_object(
    'ordinavoLocationId', record.id,
    'externalId', (
        SELECT min(external_id COLLATE "C") FROM customers_externalreference
        WHERE location_id = record.id AND source_system_id = %(source)s
    ),
    'name', record.name,
    'city', NULLIF(record.city, ''),
    'hasCoordinates', record.latitude IS NOT NULL
)
FROM customers_location AS record WHERE record.id = ANY(%(location)s) AND record.tenant_id = %(tenant)s
UNION ALL
SELECT 'contact', record.id, json_build_object(
    'ordinavoContactId', record.id,
    'externalId', (
        SELECT min(external_id COLLATE "C") FROM customers_externalreference
        WHERE contact_id = record.id AND source_system_id = %(source)s
    ),
    'displayName', record.display_name,
    'role', NULLIF(record.role, ''),
    'email', NULLIF(record.email, ''),
    'phone', NULLIF(record.phone, '')
)
FROM customers_contact AS record WHERE record.id = ANY(%(contact)s) AND record.tenant_id = %(tenant)s
"""


def record_blocks(
    *, tenant_id: int, source_system_id: int, ids: Mapping[str, Collection[int]]
) -> RecordBlocks:
    """Return the blocks of records, whose ids are given by kind: one statement, none if there are no ids."""
    if not any(ids.values()):
        return {}
    wanted = {kind: sorted(ids.get(kind, ())) for kind in BLOCKS}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"tenant": tenant_id, "source": source_system_id, **wanted})
        return {(kind, pk): block for kind, pk, block in cursor.fetchall()}


def customer_block(record: Customer, external_id: str | None) -> Block:
    """Return the block of a customer, under an id that its source system calls it by."""
    return {
        "ordinavoCustomerId": record.id,
        "externalId": external_id,
        "customerNumber": record.number or None,
        "name": record.name,
    }


def location_block(record: Location, external_id: str | None) -> Block:
    """Return the same of a location."""
    return {
        "ordinavoLocationId": record.id,
        "externalId": external_id,
        "name": record.name,
        "city": record.city or None,
        "hasCoordinates": record.latitude is not None,
    }


def contact_block(record: Contact, external_id: str | None) -> Block:
    """Return the same of a contact."""
    return {
        "ordinavoContactId": record.id,
        "externalId": external_id,
        "displayName": record.display_name,
        "role": record.role or None,
        "email": record.email or None,
        "phone": record.phone or None,
    }


BLOCKS: dict[str, Callable[[Any, str | None], Block]] = {
    CUSTOMER: customer_block,
    LOCATION: location_block,
    CONTACT: contact_block,
}
