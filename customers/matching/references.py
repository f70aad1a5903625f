"""What an external id names, stored already or about to be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from integrations.models import SourceSystem


@dataclass(frozen=True, slots=True)
class Reference:
    """One record under the id that an outside system knows it by, and how we came to know."""

    kind: str
    external_id: str
    record: Any
    matched_by: str


_STORED = """
SELECT kind, external_id, COALESCE(customer_id, location_id, contact_id), matched_by
FROM customers_externalreference
WHERE tenant_id = %s AND source_system_id = %s AND (
    kind = 'customer' AND external_id = ANY(%s)
    OR kind = 'location' AND external_id = ANY(%s)
    OR kind = 'contact' AND external_id = ANY(%s)
)
"""


def stored_references(
    source_system: SourceSystem, wanted: Mapping[str, Collection[str]]
) -> list[tuple[str, str, int, str]]:
    """Return kind, external id, the record's id and how it was matched, for external ids by kind."""
    ids = [sorted(wanted.get(kind, ())) for kind in (CUSTOMER, LOCATION, CONTACT)]
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [source_system.tenant_id, source_system.pk, *ids])
        return list(cursor.fetchall())
