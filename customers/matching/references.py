"""What an external id names, stored already or about to be."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.db import connection

from customers.matching.drafts import CONTACT, CUSTOMER, LOCATION
from integrations.models import SourceSystem
from ordinavo.kernel.json_text import json_text


class Reference(NamedTuple):
    """One record under the id that an outside system knows it by, and how we came to know."""

    kind: str
    external_id: str
    record: Any
    matched_by: str


# One look into the unique index for each id, whatever the planner thinks of the table: asked with `OR`, it
# read all references of the source system. As JSON, since for arrays it would plan anew each time.
_STORED = """
SELECT stored.kind, stored.external_id, stored.record_id, stored.matched_by
FROM json_to_recordset(%s::json) AS wanted(kind text, external_id text),
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
    named = [
        {"kind": kind, "external_id": external_id}
        for kind in (CUSTOMER, LOCATION, CONTACT)
        for external_id in sorted(wanted.get(kind, ()))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [json_text(named), source_system.tenant_id, source_system.pk])
        return list(cursor.fetchall())
