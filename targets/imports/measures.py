"""What is counted of imports."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction
from prometheus_client import Counter

from targets.imports.models import ImportJob

# The counters of a job that say what became of its items.
_RESULTS = ("created", "updated", "unchanged", "cancelled", "rejected", "skipped")

ITEMS = Counter("ordinavo_import_items", "Settled items of imports, by kind and result.", ("kind", "result"))


def count_items(job: ImportJob, counters: Mapping[str, int]) -> None:
    """Count what this transaction settled, once it is committed; what is only foretold does not count."""
    if job.validate_only:
        return
    for result in _RESULTS:
        if number := counters.get(f"{result}_items"):
            counter = ITEMS.labels(job.kind, result)
            transaction.on_commit(partial(counter.inc, number))
