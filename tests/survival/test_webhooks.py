"""Deliveries survive dispatchers that are killed, frozen, doubled or ended."""

import signal
from collections.abc import Iterator

import pytest

from tests.survival.erp import Erp
from tests.survival.outbox import Outbox
from tests.survival.stage import Stage, wait
from tests.webhooks import rows
from tests.webhooks.beside import after, beside, event_ids
from webhooks.models import Delivery

pytestmark = pytest.mark.slow

# So long the receiver takes, so that hundreds of requests are under way.
_TAKES = 0.5


@pytest.fixture
def outbox(stage: Stage) -> Iterator[Outbox]:
    """Thirty subscriptions to a receiver that takes its time."""
    with beside(after(_TAKES)) as receiver:
        yield Outbox(receiver, subscriptions=30)


def _wait_for_arrivals(outbox: Outbox, count: int) -> None:
    wait(lambda: len(outbox.receiver.requests) >= count, f"{count} requests have come", step=0.01)


def test_a_killed_dispatcher_loses_nothing_and_doubles_only_what_was_under_way(
    stage: Stage, outbox: Outbox
) -> None:
    stage.start("worker")
    dispatcher = stage.start("webhooks")
    outbox.publish(1200)
    settled: dict[str, int] = {}
    for come in (500, 900):
        _wait_for_arrivals(outbox, come)
        stage.forget(dispatcher)
        arrivals, recorded = outbox.arrivals(), outbox.delivered()
        assert len(arrivals) - len(recorded) > 100
        settled |= {event_id: arrivals[event_id] for event_id in recorded if event_id not in settled}
        dispatcher = stage.start("webhooks")
    wait(outbox.is_done, "all are delivered", seconds=40)
    outbox.assert_all_arrived(once=False)
    # What was recorded before a death never came again.
    arrivals = outbox.arrivals()
    assert {event_id: arrivals[event_id] for event_id in settled} == settled
    assert max(arrivals.values()) <= 3


def test_the_work_of_a_frozen_dispatcher_goes_to_another_one(stage: Stage, outbox: Outbox) -> None:
    stage.start("worker")
    frozen = stage.start("webhooks")
    outbox.publish(600)
    _wait_for_arrivals(outbox, 300)
    frozen.send(signal.SIGSTOP)
    stage.start("webhooks")
    wait(outbox.is_done, "another one has delivered all", seconds=30)
    attempts = outbox.attempts()
    frozen.send(signal.SIGCONT)
    # It records what it knows, which undoes nothing.
    wait(lambda: outbox.attempts() > attempts, "late attempts are recorded")
    outbox.publish(60)
    wait(outbox.is_done, "work goes on", seconds=20)
    outbox.assert_all_arrived(once=False)
    # It may have finished connecting and send what was under way, but nothing a second time.
    assert max(outbox.arrivals().values()) <= 2


def test_two_dispatchers_at_once_send_everything_once(stage: Stage, outbox: Outbox) -> None:
    both = [stage.start("webhooks"), stage.start("webhooks")]
    outbox.publish(1000)
    stage.ring_dispatchers(4)
    wait(outbox.is_done, "all are delivered", seconds=30)
    outbox.assert_all_arrived(once=True)
    assert outbox.attempts() == 1000
    assert not any(dispatcher.has_ended() for dispatcher in both)


def test_a_dispatcher_that_is_asked_to_end_does_so_soon_and_leaves_nothing_half_done(
    stage: Stage, outbox: Outbox
) -> None:
    first = stage.start("webhooks")
    outbox.publish(900)
    stage.ring_dispatchers(1)
    _wait_for_arrivals(outbox, 300)
    first.send(signal.SIGTERM)
    wait(first.has_ended, "it has ended", seconds=6)
    assert first.reap() == 0
    stage.children.remove(first)
    assert 300 <= len(outbox.arrivals()) < 900
    # All that came was answered and recorded before the end.
    assert set(outbox.arrivals()) == outbox.delivered()
    stage.start("webhooks")
    wait(outbox.is_done, "the next one delivers the rest", seconds=30)
    outbox.assert_all_arrived(once=True)


def test_an_import_is_told_of_within_a_second(stage: Stage) -> None:
    stage.start("worker")
    stage.start("webhooks")
    stage.wait_for_worker()
    erp = Erp(stage.port)
    with beside(after(0)) as receiver:
        client = erp.tenant.integration_clients.get()
        rows.subscription(client, "target.imported", url=receiver.url)
        erp.send(100)
        wait(lambda: len(receiver.requests) >= 100, "all hundred have come", seconds=20)
        told = Delivery.objects.filter(client=client)
        wait(lambda: not told.exclude(status="Delivered").exists(), "all are recorded")
    assert len(set(event_ids(receiver))) == len(receiver.requests) == 100
