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


# One look into the unique index for each id, whatever the planner thinks of the table: asked with `OR`, it
# read all references of the source system.
_STORED = """
SELECT stored.kind, stored.external_id, stored.record_id, stored.matched_by
FROM (
    SELECT 'customer', unnest(%s::text[])
    UNION ALL SELECT 'location', unnest(%s::text[])
    UNION ALL SELECT 'contact', unnest(%s::text[])
) AS wanted(kind, external_id),
LATERAL (
    SELECT kind, external_id, COALESCE(customer_id, location_id, contact_id) AS record_id, matched_by
    FROM customers_externalreference AS known
    WHERE known.tenant_id = %s AND known.source_system_id = %s
        AND known.kind = wanted.kind AND known.external_id = wanted.external_id
    LIMIT 1
) AS stored
"""


def stored_references(
    source_system: SourceSystem, wanted: Mapping[str, Collection[str]]
) -> list[tuple[str, str, int, str]]:
    """Return kind, external id, the record's id and how it was matched, for external ids by kind."""
    ids = [sorted(wanted.get(kind, ())) for kind in (CUSTOMER, LOCATION, CONTACT)]
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [*ids, source_system.tenant_id, source_system.pk])
        return list(cursor.fetchall())
