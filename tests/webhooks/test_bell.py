"""One bell for any number of events."""

from collections.abc import Iterator

import pytest
from celery import current_app
from pytest_django import Settings

from ordinavo.kernel.redis import client as redis_client
from tests.webhooks.bells import waiting_bells
from webhooks import bell
from webhooks.tasks import sweep


def test_many_events_ring_once() -> None:
    for _ in range(5):
        bell.ring()
    assert waiting_bells() == ["webhooks.tasks.dispatch"]
    assert 0 < redis_client().pttl(bell.MARK) <= 10_000


def test_while_a_dispatcher_is_at_work_nothing_rings() -> None:
    bell.keep_silent()
    bell.ring()
    sweep()
    assert waiting_bells() == []


def test_when_it_has_gone_the_next_event_rings() -> None:
    bell.keep_silent()
    bell.listen_again()
    bell.ring()
    assert waiting_bells() == ["webhooks.tasks.dispatch"]


def test_the_sweep_rings_for_what_has_lost_its_bell() -> None:
    sweep()
    assert waiting_bells() == ["webhooks.tasks.dispatch"]


@pytest.fixture
def _no_store(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    yield
    redis_client.cache_clear()


@pytest.mark.usefixtures("_no_store")
def test_without_the_broker_ringing_does_nothing_and_raises_nothing() -> None:
    bell.ring()


def test_the_dispatcher_has_a_queue_of_its_own() -> None:
    route = current_app.amqp.router.route({}, "webhooks.tasks.dispatch")
    assert route["queue"].name == "webhooks"
