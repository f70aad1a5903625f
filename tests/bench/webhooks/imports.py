"""What imports lose to publishing: without anybody who listens, and with one who listens to everything."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from unittest import mock

from django.conf import settings
from django.db import connection

from integrations.models import IntegrationClient
from targets.imports.api.forms import judge_form
from targets.imports.pipeline import chunk, run
from targets.imports.services.batch import Sent, accept_batch
from tests import factories
from tests.bench.batches import items
from tests.bench.figures import Figure
from tests.bench.server import refresh_statistics
from tests.bench.webhooks import ground
from webhooks.services.subscriptions import create_subscription

_ITEMS, _ROUNDS = 4_500, 4
_marks = count(1)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to import: for this client, with publishing as it is or taken out."""

    name: str
    client: IntegrationClient
    publishing: Callable[[], AbstractContextManager[None]] = nullcontext


def measure() -> Iterator[Figure]:
    """Yield what is lost. The ways take turns chunk by chunk, each beginning in its turn."""
    ways = [
        Way("taken out", _client(), _taken_out),
        Way("nobody", _client()),
        Way("everything", _listening()),
    ]
    gc.collect()
    gc.freeze()
    for what, titles in (("new", ["Visit"]), ("changed", ["Visit", "Other visit"])):
        spent: dict[str, list[float]] = {way.name: [] for way in ways}
        # The first round plans statements and fills caches for all.
        for round_number in range(_ROUNDS + 1):
            found = _round(ways, titles)
            for name, times in found.items():
                spent[name] += times if round_number else []
            ground.forget()
            refresh_statistics()
        yield from _figures(what, spent)


def _figures(what: str, spent: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    without = spent["taken out"]
    cost = 1e6 * median(without) / settings.IMPORT_CHUNK
    yield Figure(f"import, all {what}, publishing taken out", cost, "µs an item", "(compare)", good=True)
    for name, words, most in (
        ("nobody", "lost where nobody listens", 5),
        ("everything", "lost with target.* and import_job.*", 15),
    ):
        # Within each turn: what else the machine does lasts longer than a chunk.
        slower = median(cost / best for cost, best in zip(spent[name], without, strict=True))
        lost = 100 * (1 - 1 / slower)
        yield Figure(f"import, all {what}, {words}", lost, "%", f"≤ {most} %", lost <= most)


def _round(ways: Sequence[Way], titles: Sequence[str]) -> dict[str, list[float]]:
    """Return the seconds of each chunk of the batches with the last title, by the name of the way."""
    marks = {way.name: f"H{next(_marks)}" for way in ways}
    for title in titles:
        jobs = {way.name: _accepted(way.client, marks[way.name], title) for way in ways}
        spent: dict[str, list[float]] = {way.name: [] for way in ways}
        for turn in range(_ITEMS // settings.IMPORT_CHUNK):
            first = turn % len(ways)
            for way in [*ways[first:], *ways[:first]]:
                spent[way.name].append(_chunk(way, jobs[way.name]))
    return spent


def _accepted(client: IntegrationClient, mark: str, title: str) -> int:
    payloads = items(_ITEMS, mark=mark, title=title)
    sent = [Sent(payload, judge_form(payload, client)) for payload in payloads]
    return accept_batch(client=client, items=sent)[0].pk


def _chunk(way: Way, job: int) -> float:
    """Return the seconds that two processors gave: one to us, one to our session of the database.

    One waits for the other all the time, so the sum is what a chunk takes where nothing else runs.
    """
    with way.publishing():
        before = _given()
        chunk.work_chunk(job)
        return _given() - before


def _given() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = cursor.fetchone()[0]
    given = (Path(f"/proc/{process}/schedstat").read_text() for process in (os.getpid(), session))
    return sum(int(text.split()[0]) for text in given) / 1e9


@contextmanager
def _taken_out() -> Iterator[None]:
    """Leave out all that imports do to tell: asking who listens, copies for snapshots, events."""
    with mock.patch.object(chunk, "Telling", _Silent), mock.patch.object(run, "copied", _nothing):
        yield


def _nothing(*_: object) -> None:
    """Do nothing, cheaper than a mock does."""


class _Silent:
    __init__ = add = publish = _nothing


def _client() -> IntegrationClient:
    return factories.client(factories.tenant(), **factories.ALL_SWITCHES)


def _listening() -> IntegrationClient:
    client = _client()
    create_subscription(
        client=client, url="https://receiver.example.com/hook", event_types=["target.*", "import_job.*"]
    )
    return client
