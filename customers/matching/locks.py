"""One customer number, one creator at a time: numbers are not unique by constraint, so a lock stands in."""

import hashlib
from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from ordinavo.tenants.models import Tenant

_BUCKETS = 64


def _lock_id(tenant: Tenant, number: str) -> int:
    digest = hashlib.sha256(f"customer-number/{tenant.pk}/{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _name_lock_id(tenant: Tenant, name: str) -> int:
    """Names share few locks, since a transaction may hold only so many."""
    bucket = crc32(name.encode("utf-8", "surrogatepass")) % _BUCKETS
    digest = hashlib.sha256(f"customer-name/{tenant.pk}/{bucket}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def lock_numbers(tenant: Tenant, numbers: Iterable[str], names: Iterable[str] = ()) -> bool:
    """Wait until nobody else creates customers with these numbers or names; the transaction's end lets go.

    Ascending order keeps two sets from waiting for each other. Returns whether there were any.
    """
    locks = {_lock_id(tenant, number) for number in numbers}
    ids = sorted(locks | {_name_lock_id(tenant, name) for name in names})
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(id) FROM unnest(%s::bigint[]) AS wanted(id)", [ids])
    return bool(ids)
