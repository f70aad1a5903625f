"""The gate of a source system's reviews: imports that attach items share it, a decision has it alone.

An import comes to it late, holding targets that a decision may need. So it does not wait there: it goes back,
lets go of what it holds, waits, and starts anew. A queue at the gate is fair: no stream of imports keeps a
manager out.
"""

import hashlib

from django.db import connection

from integrations.models import SourceSystem


class Held(Exception):
    """A decision is being written; wait for the gate without holding anything, then start anew."""


def pass_or_go_back(source_system: SourceSystem) -> None:
    """Share the gate until the transaction ends; `Held` if a decision has it or waits for it."""
    if not _ask("pg_try_advisory_xact_lock_shared", source_system):
        raise Held


def wait(source_system: SourceSystem) -> None:
    """Share the gate until the transaction ends, as soon as the decision is written."""
    _ask("pg_advisory_xact_lock_shared", source_system)


def shut(source_system: SourceSystem) -> None:
    """Have the gate alone until the transaction ends: nobody attaches items, nobody else decides."""
    _ask("pg_advisory_xact_lock", source_system)


def _ask(function: str, source_system: SourceSystem) -> bool:
    digest = hashlib.sha256(f"mapping-reviews/{source_system.pk}".encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        [answer] = cursor.fetchone() or (None,)
    return bool(answer)
