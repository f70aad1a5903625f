"""What managers taught us, for a set of records: who goes by another name, and who is not meant."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from customers.matching.decisions import ReviewKey
from integrations.models import SourceSystem
from ordinavo.kernel.json_text import json_text
from ordinavo.tenants.models import Tenant

NameKey = tuple[str, str]

_CALLED = """
SELECT CASE WHEN customer_id IS NULL THEN 'location' ELSE 'customer' END, name_key,
    COALESCE(customer_id, location_id)
FROM customers_alias WHERE tenant_id = %s AND name_key = ANY(%s)
"""

_NAMES = """
SELECT 'customer', customer_id, name FROM customers_alias WHERE tenant_id = %(tenant)s
    AND customer_id = ANY(%(customer)s)
UNION ALL
SELECT 'location', location_id, name FROM customers_alias WHERE tenant_id = %(tenant)s
    AND location_id = ANY(%(location)s)
ORDER BY 1, 2, 3
"""

# One look into the unique index for each key, whatever the planner thinks of the table.
_REFUSED = """
SELECT wanted.kind, wanted.record_key, pair.record_id
FROM json_to_recordset(%s::json) AS wanted(kind text, record_key text)
JOIN customers_refusedpair AS pair
    ON pair.tenant_id = %s AND pair.source_system_id = %s
    AND pair.kind = wanted.kind AND pair.record_key = wanted.record_key
"""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was taught about a set of records.

    `called`: kind and `name_key` → ids of the customers or locations that go by this name besides their own.
    `refused`: kind and record key, as reviews have it → ids of the records that it is not.
    """

    called: Mapping[NameKey, frozenset[int]] = field(default_factory=dict)
    refused: Mapping[ReviewKey, frozenset[int]] = field(default_factory=dict)

    def is_refused(self, key: ReviewKey, record_id: int | None) -> bool:
        """Whether a manager said that the record sent under this key is not this one of ours."""
        return record_id in self.refused.get(key, ())


NOTHING = Knowledge()


def load_knowledge(
    *, source_system: SourceSystem, names: Collection[NameKey], keys: Collection[ReviewKey]
) -> Knowledge:
    """Return what is known of records with these names (kind and `name_key`) and keys: two statements."""
    return Knowledge(
        called=called(tenant=source_system.tenant, names=names),
        refused=refused_pairs(source_system=source_system, keys=keys),
    )


def called(*, tenant: Tenant, names: Collection[NameKey]) -> dict[NameKey, frozenset[int]]:
    """Return the ids of those who go by these names besides their own: one statement, none without names."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CALLED, [tenant.pk, sorted({key for _, key in names})])
        found = _grouped(((kind, key), pk) for kind, key, pk in cursor.fetchall())
    return {name: ids for name, ids in found.items() if name in set(names)}


def alias_names(*, tenant: Tenant, ids: Mapping[str, Collection[int]]) -> dict[tuple[str, int], list[str]]:
    """Return the other names of customers and locations, whose ids are given by kind: one statement."""
    wanted = {kind: sorted(ids.get(kind, ())) for kind in ("customer", "location")}
    if not any(wanted.values()):
        return {}
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"tenant": tenant.pk, **wanted})
        for kind, pk, name in cursor.fetchall():
            names[kind, pk].append(name)
    return dict(names)


def refused_pairs(
    *, source_system: SourceSystem, keys: Collection[ReviewKey]
) -> dict[ReviewKey, frozenset[int]]:
    """Return the records that each of these keys does not mean: one statement, none without keys."""
    if not keys:
        return {}
    wanted = [{"kind": kind, "record_key": key} for kind, key in sorted(set(keys))]
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [json_text(wanted), source_system.tenant_id, source_system.pk])
        return _grouped(((kind, key), pk) for kind, key, pk in cursor.fetchall())


def _grouped(pairs: Iterable[tuple[tuple[str, str], int]]) -> dict[tuple[str, str], frozenset[int]]:
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for key, pk in pairs:
        found[key].add(pk)
    return {key: frozenset(ids) for key, ids in found.items()}
