"""The engine alone: chunks of a stored batch, worked off in this process."""

import gc
import io
import time
from collections.abc import Iterator
from itertools import count
from statistics import median

from django.db import connection

from customers.models import Contact, Customer, ExternalReference, Location
from integrations.models import IntegrationClient
from targets.imports.api.forms import judge_form
from targets.imports.models import ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.services.batch import Sent, accept_batch
from targets.models import Target
from tests.bench.batches import ITEMS, items
from tests.bench.figures import Figure
from tests.bench.server import refresh_statistics

_ROUNDS = 3
_STORED = (1_000, 100_000, 1_000_000)
_TABLES = (Customer, Location, Contact, ExternalReference, Target)
_marks = count(1)


def measure(client: IntegrationClient) -> Iterator[Figure]:
    """Yield the engine's figures."""
    # As a worker does after its start: what lives for ever is not looked through again and again.
    gc.collect()
    gc.freeze()
    rates: dict[str, list[float]] = {"new": [], "changed": [], "same": []}
    shares = []
    for _ in range(_ROUNDS):
        mark = f"E{next(_marks)}"
        rates["new"].append(rate(client, mark, "Visit"))
        shares.append(100 * rates["new"][-1] / _copied(client, mark))
        refresh_statistics()
        rates["changed"].append(rate(client, mark, "Other visit"))
        # The first repetition notes that what was created is known by now.
        rate(client, mark, "Other visit")
        rates["same"].append(rate(client, mark, "Other visit"))
    for name, must in (("new", 2000), ("changed", 2500), ("same", 4000)):
        value = median(rates[name])
        yield Figure(f"engine, 10,000 items, every record {name}", value, "/s", f"≥ {must:,}", value >= must)
    share = median(shares)
    yield Figure("its share of COPY of the same rows", share, "%", "≥ 10 %", share >= 10)
    yield from _with_many_stored(client)


def rate(client: IntegrationClient, mark: str, title: str, number: int = ITEMS) -> float:
    """Store a batch, work it off, and return items per second of working."""
    payloads = items(number, mark=mark, title=title)
    job, _ = accept_batch(
        client=client, items=[Sent(payload, judge_form(payload, client)) for payload in payloads]
    )
    started = time.perf_counter()
    while work_chunk(job.pk):
        pass
    spent = time.perf_counter() - started
    done = ImportJob.objects.get(pk=job.pk)
    if done.status != ImportJob.Status.COMPLETED:
        raise RuntimeError(f"The batch ended as {done.status}.")
    return number / spent


def _copied(client: IntegrationClient, mark: str) -> float:
    """Return items per second of COPY of the rows that the batch made.

    They go into tables with the same indexes, checks and foreign keys, which are checked at each commit.
    """
    spent = 0.0
    with connection.cursor() as cursor:
        for model in _TABLES:
            table, twin = model._meta.db_table, f"twin_{model._meta.model_name}"
            cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
            _link_as(table, twin)
            # The newest rows of the table are those of the batch.
            rows = 3 * ITEMS if model is ExternalReference else ITEMS
            newest = f"(SELECT * FROM {table} ORDER BY id DESC LIMIT {rows})"  # noqa: S608
            held = io.BytesIO()
            with cursor.copy(f"COPY {newest} TO STDOUT") as out:
                for piece in out:
                    held.write(piece)
            started = time.perf_counter()
            with cursor.copy(f"COPY {twin} FROM STDIN") as into:
                into.write(held.getvalue())
            spent += time.perf_counter() - started
            cursor.execute(f"DROP TABLE {twin}")
    return ITEMS / spent


def _link_as(table: str, twin: str) -> None:
    """Give the twin the foreign keys of the table, which LIKE leaves out; they lead to the real rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [table],
        )
        for (key,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {twin} ADD {key}")


def _with_many_stored(client: IntegrationClient) -> Iterator[Figure]:
    costs = []
    for number in _STORED:
        _store_targets(client, number)
        refresh_statistics()
        mark = f"S{number}"
        costs.append(1_000_000 / median(rate(client, f"{mark}-{turn}", "Visit", 2_000) for turn in range(5)))
        yield Figure(f"cost with {number:,} targets stored", costs[-1], "µs an item", "(compare)", good=True)
    spread = 100 * (max(costs) / min(costs) - 1)
    yield Figure("spread of the three costs", spread, "%", "≤ 25 %", spread <= 25)


def _store_targets(client: IntegrationClient, number: int) -> None:
    """Fill up the table to so many targets of the same source system."""
    missing = number - Target.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO targets_target (tenant_id, source_system_id, external_id, external_type, status,"
            " title, description, template_key, street, postal_code, city, country, fixed_time,"
            " customer_tier, custom_fields, appointment_status, revision, place, created_at, updated_at)"
            " SELECT %s, %s, 'OLD-' || %s || '-' || n, '', 'Open', 'Old visit', '', '', '', '', '', '',"
            " false, '', '{}', '', 1, 0, now(), now() FROM generate_series(1, %s) AS n",
            [client.tenant_id, client.source_system_id, number, max(0, missing)],
        )
