"""Deliveries survive the database and the broker, which go away and come back."""

import time
from collections.abc import Iterator

import pytest

from tests.survival.outbox import Outbox
from tests.survival.stage import Stage, wait
from tests.webhooks.beside import after, beside

pytestmark = pytest.mark.slow

_AWAY = 3.0


@pytest.fixture
def outbox(stage: Stage) -> Iterator[Outbox]:
    """Twenty subscriptions to a receiver that takes a moment."""
    with beside(after(0.2)) as receiver:
        yield Outbox(receiver, subscriptions=20)


def test_results_that_come_while_the_database_is_away_are_recorded_when_it_is_back(
    stage: Stage, outbox: Outbox
) -> None:
    dispatcher = stage.start("webhooks")
    outbox.publish(1500)
    stage.ring_dispatchers(1)
    wait(lambda: len(outbox.receiver.requests) >= 400, "work has begun", step=0.01)
    stage.crash_postgres()
    time.sleep(_AWAY)
    come = len(outbox.receiver.requests)
    assert come < 1500
    stage.start_postgres()
    wait(outbox.is_done, "all are delivered", seconds=40)
    outbox.assert_all_arrived(once=True)
    assert not dispatcher.has_ended()


def test_bells_that_the_broker_forgets_are_rung_again(stage: Stage, outbox: Outbox) -> None:
    stage.start("worker")
    dispatcher = stage.start("webhooks")
    outbox.publish(600)
    wait(lambda: len(outbox.receiver.requests) >= 100, "work has begun", step=0.01)
    stage.broker.flushall()
    outbox.publish(100)
    wait(outbox.is_done, "all are delivered", seconds=20)
    stage.broker.flushall()
    outbox.publish(100)
    wait(outbox.is_done, "the last ones too", seconds=20)
    outbox.assert_all_arrived(once=True)
    assert not dispatcher.has_ended()


def test_without_a_broker_what_is_under_way_goes_on_and_the_rest_waits(stage: Stage, outbox: Outbox) -> None:
    stage.start("worker")
    dispatcher = stage.start("webhooks")
    outbox.publish(600)
    wait(lambda: len(outbox.receiver.requests) >= 100, "work has begun", step=0.01)
    stage.forget(stage.valkey)
    wait(outbox.is_done, "all are delivered without a broker", seconds=20)
    outbox.publish(100)
    stage.start_valkey()
    wait(outbox.is_done, "the rest when it is back", seconds=40)
    outbox.assert_all_arrived(once=True)
    assert not dispatcher.has_ended()
