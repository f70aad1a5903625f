"""How fast deliveries go out: ours to receivers that answer at once and late, and two peers beside it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from integrations.models import IntegrationClient
from tests.bench.figures import Figure
from tests.bench.memory import memory_of
from tests.bench.webhooks import ground
from tests.bench.webhooks.peer import PEERS, install
from tests.bench.webhooks.processes import DISPATCHER, running
from tests.bench.webhooks.receivers import Receivers
from webhooks.catalog.types import TARGET_IMPORTED
from webhooks.payload.example import example_payload

SUBSCRIPTIONS, EVENTS = 50, 10_000
_ROUNDS = 3
# What is connected and planned first is not what delivering costs from then on.
_WARMING = 1_000
# How many events each peer tells to all fifty: enough for some ten seconds.
_FIRED = {"django-webhook": 24, "django-outbound-webhooks": 14}
_LATE = "/after/200"


def measure(receivers: Receivers, *, peers: bool) -> Iterator[Figure]:
    """Yield the figures of delivering."""
    at_once = ground.clients_told_at(receivers.url(number, "/now") for number in range(SUBSCRIPTIONS))
    late = ground.clients_told_at(receivers.url(number, _LATE) for number in range(SUBSCRIPTIONS))
    if peers:
        _prepare_peers(receivers)
    rates: dict[str, list[float]] = {}
    grown = []
    for _ in range(_ROUNDS):
        with running(DISPATCHER) as ids:
            _load(at_once)
            idle = memory_of(ids[DISPATCHER])
            with _watched(lambda: memory_of(ids[DISPATCHER])) as seen:
                _rate(at_once, receivers, _WARMING)
                rates.setdefault("at once", []).append(_rate(at_once, receivers, EVENTS))
                _rate(late, receivers, _WARMING)
                rates.setdefault("late", []).append(_rate(late, receivers, EVENTS))
            grown.append(max(seen) - idle)
        for peer in PEERS if peers else ():
            fired = peer.rate(receivers, _PAYLOAD, times=_FIRED[peer.name], each=SUBSCRIPTIONS)
            rates.setdefault(peer.name, []).append(fired)
    yield from _figures(rates, grown)


_PAYLOAD = example_payload(TARGET_IMPORTED)


def _figures(rates: dict[str, list[float]], grown: list[float]) -> Iterator[Figure]:
    now, late, memory = median(rates["at once"]), median(rates["late"]), max(grown)
    yield Figure("10,000 events, answered at once", now, "/s", "≥ 600/s, aim 1,000/s", now >= 600)
    yield Figure("10,000 events, answered after 200 ms", late, "/s", "≥ 400/s", late >= 400)
    yield Figure("worker's memory above idle, at most", memory, "MiB", "≤ 150 MiB", memory <= 150)
    theirs = [name for name in rates if name in _FIRED]
    for name in theirs:
        yield Figure(f"{name}, answered at once", median(rates[name]), "/s", "(compared with)", good=True)
    if theirs:
        # Within each round, since what else the machine does hits all of a round alike.
        times = median(
            ours / max(beside)
            for ours, *beside in zip(rates["at once"], *(rates[name] for name in theirs), strict=True)
        )
        yield Figure("ours against the better peer", times, "times", "≥ 5 times", times >= 5)


def _prepare_peers(receivers: Receivers) -> None:
    install()
    for peer in PEERS:
        peer.prepare([receivers.url(number, "/now") for number in range(SUBSCRIPTIONS)])


def _load(clients: Sequence[IntegrationClient]) -> None:
    """Let the worker have delivered once: all is imported and connected, nothing has grown yet."""
    ground.forget()
    ground.happen(clients[:1], each=1)
    ground.wait_for_records()


def _rate(clients: Sequence[IntegrationClient], receivers: Receivers, events: int) -> float:
    """Return deliveries a second, from the commit of all events to the last record."""
    ground.forget()
    receivers.forget()
    committed = ground.happen(clients, each=events // len(clients))
    recorded = ground.wait_for_records()
    if receivers.count() != events:
        raise RuntimeError(f"{events} events came as {receivers.count()} requests.")
    return events / (recorded - committed)


@contextmanager
def _watched(look: Callable[[], float]) -> Iterator[list[float]]:
    """Look again and again from a thread of its own; yields what was seen, filled by the end."""
    seen, ended = [look()], threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            seen.append(look())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
