"""What imports lose to publishing: without anybody who listens, and with one who listens to everything."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from statistics import median
from unittest import mock

from integrations.models import IntegrationClient
from targets.imports.pipeline import chunk, run
from tests import factories
from tests.bench.engine import rate
from tests.bench.figures import Figure
from tests.bench.server import refresh_statistics
from tests.bench.webhooks import ground
from webhooks.services.subscriptions import create_subscription

_ITEMS, _ROUNDS = 5_000, 7
_marks = count(1)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to import: for this client, with publishing as it is or taken out."""

    name: str
    client: IntegrationClient
    publishing: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True, slots=True)
class Rates:
    """Items a second of one batch."""

    new: float
    changed: float


def measure() -> Iterator[Figure]:
    """Yield what is lost. The three ways take turns, each beginning in its turn."""
    ways = [
        Way("taken out", _client(), _taken_out),
        Way("nobody", _client()),
        Way("everything", _listening()),
    ]
    gc.collect()
    gc.freeze()
    found: dict[str, list[Rates]] = {way.name: [] for way in ways}
    for turn in range(_ROUNDS + 1):
        for way in [*ways[turn % 3 :], *ways[: turn % 3]]:
            rates = _rates(way)
            # The first round plans statements and fills caches for all.
            if turn:
                found[way.name].append(rates)
        ground.forget()
        refresh_statistics()
    yield from _figures(found)


def _figures(found: dict[str, list[Rates]]) -> Iterator[Figure]:
    for what in ("new", "changed"):
        taken = {name: [getattr(rates, what) for rates in rounds] for name, rounds in found.items()}
        without = taken["taken out"]
        for name, value in (("publishing taken out", without), ("nobody listens", taken["nobody"])):
            yield Figure(f"import, all {what}, {name}", median(value), "/s", "(compare)", good=True)
        for name, words, most in (
            ("nobody", "lost where nobody listens", 5),
            ("everything", "lost with target.* and import_job.*", 15),
        ):
            lost = median(100 * (1 - rate / best) for rate, best in zip(taken[name], without, strict=True))
            yield Figure(f"import, all {what}, {words}", lost, "%", f"≤ {most} %", lost <= most)


def _rates(way: Way) -> Rates:
    mark = f"H{next(_marks)}"
    with way.publishing():
        return Rates(rate(way.client, mark, "Visit", _ITEMS), rate(way.client, mark, "Other visit", _ITEMS))


@contextmanager
def _taken_out() -> Iterator[None]:
    """Leave out all that imports do to tell: asking who listens, copies for snapshots, events."""
    with mock.patch.object(chunk, "_tell", _nothing), mock.patch.object(run, "copied", _nothing):
        yield


def _nothing(*_: object) -> None:
    """Do nothing, cheaper than a mock does."""


def _client() -> IntegrationClient:
    return factories.client(factories.tenant(), **factories.ALL_SWITCHES)


def _listening() -> IntegrationClient:
    client = _client()
    create_subscription(
        client=client, url="https://receiver.example.com/hook", event_types=["target.*", "import_job.*"]
    )
    return client
