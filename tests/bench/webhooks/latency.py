"""From the commit of a change to the receiver: at a calm pace, and with many receivers dead."""

import time
from collections.abc import Iterator, Sequence
from random import Random
from statistics import median, quantiles

from integrations.models import IntegrationClient
from tests.bench.figures import Figure
from tests.bench.webhooks import ground
from tests.bench.webhooks.processes import DISPATCHER, running
from tests.bench.webhooks.receivers import Receivers, silent

_SUBSCRIPTIONS, _PER_SECOND, _SECONDS = 50, 100, 30
_MANY, _DEAD, _WAITING = 1000, 300, 10
_ROUNDS = 2
# Longer than a dead receiver is waited for, so that what its time-outs cost is in the figure.
_CROWDED_SECONDS = 40
_PATIENCE, _ABSORBING = 60, 5


def measure(receivers: Receivers) -> Iterator[Figure]:
    """Yield the latency at 100 events a second."""
    clients = ground.clients_told_at(receivers.url(number, "/now") for number in range(_SUBSCRIPTIONS))
    with running(DISPATCHER):
        taken = _taken(clients, [], receivers, _SECONDS)
    p50, p99 = median(taken), _p99(taken)
    yield Figure("commit to first byte, 100 events/s: p50", p50, "ms", "≤ 150 ms", p50 <= 150)
    yield Figure("commit to first byte, 100 events/s: p99", p99, "ms", "≤ 1,000 ms", p99 <= 1000)


def measure_fairness(receivers: Receivers) -> Iterator[Figure]:
    """Yield what 300 dead ones of 1,000 subscriptions cost the others."""
    living = ground.clients_told_at(receivers.url(number, "/now") for number in range(_DEAD, _MANY))
    well = ground.clients_told_at(receivers.url(number, "/now") for number in range(_DEAD))
    alone, beside = [], []
    with silent(_DEAD) as urls:
        dead = ground.clients_told_at(urls)
        for _ in range(_ROUNDS):
            # A new process each time: it has forgotten who was slow.
            with running(DISPATCHER):
                alone.append(_p99(_taken(living, well, receivers, _CROWDED_SECONDS)))
            with running(DISPATCHER):
                beside.append(_p99(_taken(living, dead, receivers, _CROWDED_SECONDS, waiting=_WAITING)))
    times = median(bad / good for bad, good in zip(beside, alone, strict=True))
    yield Figure("1,000 subscriptions: p99 of 700 of them", median(alone), "ms", "(compare)", good=True)
    yield Figure("the other 300 dead: p99 of the 700", median(beside), "ms", "(compare)", good=True)
    yield Figure("its ratio", times, "times", "≤ 2 times", times <= 2)


def _taken(
    watched: Sequence[IntegrationClient],
    others: Sequence[IntegrationClient],
    receivers: Receivers,
    seconds: float,
    waiting: int = 0,
) -> list[float]:
    """Return the milliseconds from commit to first byte of the watched clients' events.

    Events come to all clients in a mixed order; `waiting` are owed to each of the others a little before.
    """
    _settle(watched, receivers)
    if waiting:
        ground.happen(others, each=waiting)
        # Taking up thousands at once is a matter of throughput; their time-outs are yet to come.
        time.sleep(_ABSORBING)
    clients = [*watched, *others]
    mixed = Random(1).sample(clients, len(clients))
    changes = ground.happen_paced(mixed, per_second=_PER_SECOND, seconds=seconds)
    theirs = {client.pk for client in watched}
    awaited = {mark: change for mark, change in changes.items() if change.client in theirs}
    taken: dict[str, float] = {}
    deadline = time.monotonic() + _PATIENCE
    while len(taken) < len(awaited):
        if time.monotonic() > deadline:
            raise RuntimeError(f"Only {len(taken)} of {len(awaited)} events came.")
        time.sleep(1)
        taken = ground.first_bytes_after(awaited, receivers)
    return list(taken.values())


def _settle(clients: Sequence[IntegrationClient], receivers: Receivers) -> None:
    """Let the worker have done a little of everything, and begin anew."""
    ground.forget()
    ground.happen(clients, each=1)
    ground.wait_for_records()
    ground.forget()
    receivers.forget()


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[98]
