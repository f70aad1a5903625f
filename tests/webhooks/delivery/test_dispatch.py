"""From a due delivery to a receiver and back, with real receivers beside the test."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Event as Flag
from threading import Timer
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from integrations.models import IntegrationClient
from ordinavo.kernel.health import DISPATCHER_MARK
from ordinavo.kernel.redis import client as redis_client
from ordinavo.kernel.ulids import shown_ulid
from tests.kernel.outbound.receivers import answer, silent
from tests.webhooks import rows
from tests.webhooks.beside import after, beside, by_path, event_ids, in_turn
from webhooks import bell
from webhooks.delivery.dispatch import close_lines, dispatch
from webhooks.delivery.settled import forget, on_settled
from webhooks.delivery.window import START
from webhooks.models import Attempt, Delivery, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _impatient(settings: Settings) -> Iterator[None]:
    settings.WEBHOOK_ALLOWED_TARGETS = ["127.0.0.1"]
    settings.WEBHOOK_TIMEOUT_SECONDS = 1
    settings.WEBHOOK_LEASE_SECONDS = 5
    settings.WEBHOOK_IDLE_SECONDS = 0.05
    settings.WEBHOOK_LINGER_SECONDS = 0.5
    settings.WEBHOOK_FAREWELL_SECONDS = 0.3
    settings.WEBHOOK_RETRY_SECONDS = (0.1, 0.1, 60)
    settings.WEBHOOK_CIRCUIT_SECONDS = (60, 60)
    close_lines()
    yield
    close_lines()


def _told(of: Subscription, count: int = 1, **fields: Any) -> list[Delivery]:
    return [rows.delivery(of, rows.event(of.client), **fields) for _ in range(count)]


def _ids(deliveries: list[Delivery]) -> set[str]:
    return {shown_ulid("evt", delivery.event_id) for delivery in deliveries}


def _statuses() -> set[str]:
    return set(Delivery.objects.values_list("status", flat=True))


def test_what_is_due_arrives_once_and_is_recorded(erp: IntegrationClient) -> None:
    with beside(answer(204)) as receiver:
        of = rows.subscription(erp, url=receiver.url)
        told = _told(of, 200)
        dispatch(Flag())
    assert len(receiver.requests) == 200
    assert set(event_ids(receiver)) == _ids(told)
    assert {request.header("X-Ordinavo-Delivery-Id") for request in receiver.requests} == {
        delivery.public_id for delivery in told
    }
    assert _statuses() == {"Delivered"}
    assert set(Attempt.objects.values_list("status_code", "error")) == {(204, "")}
    assert Attempt.objects.count() == 200
    assert receiver.connections <= 10


def test_a_failure_is_tried_again_in_the_same_run_when_it_is_due_soon(erp: IntegrationClient) -> None:
    with beside(in_turn([answer(500), answer(503), answer(200)])) as receiver:
        (told,) = _told(rows.subscription(erp, url=receiver.url))
        dispatch(Flag())
    told.refresh_from_db()
    assert (told.status, told.attempt_count) == ("Delivered", 3)
    assert list(told.attempts.values_list("status_code", flat=True)) == [500, 503, 200]
    assert set(event_ids(receiver)) == _ids([told])


def test_what_is_due_later_is_left_to_a_later_run(erp: IntegrationClient) -> None:
    with beside(answer(200)) as receiver:
        (told,) = _told(
            rows.subscription(erp, url=receiver.url), due_at=timezone.now() + timedelta(seconds=30)
        )
        began = monotonic()
        dispatch(Flag())
    assert monotonic() - began < 0.5
    assert (receiver.requests, told.attempts.count()) == ([], 0)


def test_a_receiver_gets_no_more_than_its_share_at_once(erp: IntegrationClient, settings: Settings) -> None:
    settings.WEBHOOK_IN_FLIGHT_PER_SUBSCRIPTION = 3
    with beside(after(0.02)) as receiver:
        _told(rows.subscription(erp, url=receiver.url), 30)
        dispatch(Flag())
    assert len(receiver.requests) == 30
    assert receiver.connections <= 3


def test_dead_receivers_hold_up_no_other_one(erp: IntegrationClient, settings: Settings) -> None:
    settings.WEBHOOK_IN_FLIGHT = 20
    settings.WEBHOOK_TIMEOUT_SECONDS = 3
    settings.WEBHOOK_RETRY_SECONDS = (60,)
    settings.WEBHOOK_CIRCUIT_FAILURES = 1
    with beside(by_path(dead=silent, good=answer(200))) as receiver:
        base = receiver.url.removesuffix("hook")
        for _ in range(6):
            _told(rows.subscription(erp, url=f"{base}dead"), 5)
        good = rows.subscription(erp, url=f"{base}good")
        _told(good, 100)
        dispatch(Flag())
    ends = Delivery.objects.filter(subscription=good).values_list("status", "finished_at")
    assert {status for status, _ in ends} == {"Delivered"}
    dead = Attempt.objects.exclude(subscription=good)
    assert set(dead.values_list("error", flat=True)) == {"timeout"}
    # All are through before the first dead receiver is given up, and each of those has been asked twice only.
    assert max(end for _, end in ends if end) < min(attempt.started_at for attempt in dead) + timedelta(
        seconds=3
    )
    assert dead.count() == 6 * START


def test_an_open_circuit_is_respected_and_a_single_probe_closes_it(erp: IntegrationClient) -> None:
    with beside(answer(200)) as receiver:
        soon = timezone.now() + timedelta(seconds=0.3)
        opened = rows.subscription(
            erp, url=receiver.url, circuit_open_until=soon, failure_streak=5, failing_since=timezone.now()
        )
        _told(opened, 20)
        dispatch(Flag())
    assert _statuses() == {"Delivered"}
    first = Attempt.objects.earliest("id")
    assert first.started_at >= soon
    second = Attempt.objects.order_by("id")[1]
    assert second.started_at >= first.started_at + timedelta(milliseconds=first.duration_ms)
    opened.refresh_from_db()
    assert (opened.circuit_open_until, opened.failure_streak) == (None, 0)


def test_a_subscription_that_is_off_gets_only_what_was_asked_for_by_hand(erp: IntegrationClient) -> None:
    with beside(answer(200)) as receiver:
        off = rows.paused(erp, url=receiver.url)
        (late,), (asked,) = _told(off), _told(off, by_hand=True)
        dispatch(Flag())
    assert set(event_ids(receiver)) == _ids([asked])
    late.refresh_from_db()
    assert (late.status, late.due_at, late.attempts.count()) == ("Cancelled", None, 0)


def test_a_client_that_is_switched_off_gets_nothing(erp: IntegrationClient) -> None:
    with beside(answer(200)) as receiver:
        _told(rows.subscription(erp, url=receiver.url))
        IntegrationClient.objects.update(active=False)
        dispatch(Flag())
    assert receiver.requests == []
    assert _statuses() == {"Cancelled"}


def test_an_event_that_cannot_be_told_stops_no_other_one(erp: IntegrationClient) -> None:
    with beside(answer(200)) as receiver:
        of = rows.subscription(erp, url=receiver.url)
        bad = rows.delivery(of, rows.event(erp, "no.such_type"))
        good = _told(of, 3)
        dispatch(Flag())
    assert set(event_ids(receiver)) == _ids(good)
    bad.refresh_from_db()
    assert (bad.status, bad.attempts.first().error) == ("Retrying", "not_sendable")  # type: ignore[union-attr]
    of.refresh_from_db()
    assert of.failure_streak == 0


def test_who_follows_an_event_type_is_told_when_deliveries_are_settled(erp: IntegrationClient) -> None:
    followed: list[Any] = []

    def fail(_: object) -> None:
        raise RuntimeError("a fault of the follower's")

    on_settled("target.imported", fail)
    on_settled("target.imported", followed.extend)
    try:
        with beside(answer(200)) as receiver:
            told = _told(rows.subscription(erp, url=receiver.url), 3)
            dispatch(Flag())
    finally:
        forget("target.imported", fail)
        forget("target.imported", followed.extend)
    assert sorted(followed) == sorted(delivery.event_id for delivery in told)
    assert _statuses() == {"Delivered"}


def test_with_nothing_to_do_it_looks_twice_and_goes(erp: IntegrationClient) -> None:
    rows.subscription(erp)
    bell.keep_silent()
    with CaptureQueriesContext(connection) as statements:
        dispatch(Flag())
    assert len(statements) == 2
    assert not redis_client().exists(bell.MARK)
    assert redis_client().exists(DISPATCHER_MARK)


def test_what_comes_while_it_is_about_to_go_is_not_missed(
    erp: IntegrationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with beside(answer(200)) as receiver:
        of = rows.subscription(erp, url=receiver.url)
        real = redis_client().delete

        def delete(*names: str) -> Any:
            # Just before the mark is taken off: whoever publishes now does not ring.
            if not Delivery.objects.exists():
                _told(of)
            return real(*names)

        monkeypatch.setattr(redis_client(), "delete", delete)
        dispatch(Flag())
    assert len(receiver.requests) == 1
    assert _statuses() == {"Delivered"}


def test_who_is_asked_to_end_waits_a_little_and_gives_back_the_rest(erp: IntegrationClient) -> None:
    stop = Flag()
    with beside(by_path(slow=after(0.2), never=silent)) as receiver:
        base = receiver.url.removesuffix("hook")
        (soon,) = _told(rows.subscription(erp, url=f"{base}slow"))
        (never,) = _told(rows.subscription(erp, url=f"{base}never"))
        Timer(0.1, stop.set).start()
        began = monotonic()
        dispatch(stop)
        assert monotonic() - began < 0.8
    soon.refresh_from_db()
    never.refresh_from_db()
    assert (soon.status, soon.attempts.count()) == ("Delivered", 1)
    assert (never.status, never.attempt_count, never.attempts.count()) == ("Pending", 0, 0)
    assert never.due_at is not None
    assert never.due_at <= timezone.now()
    # Somebody else has been called.
    assert redis_client().exists(bell.MARK)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "ending",
    [
        "SELECT pg_terminate_backend(pg_backend_pid())",
        # As to a process that was frozen in the middle of a transaction.
        "SET idle_in_transaction_session_timeout = '1ms'",
    ],
)
def test_results_are_kept_when_the_database_ends_our_session(erp: IntegrationClient, ending: str) -> None:
    endings = iter([ending, ending])

    def end(execute: Any, sql: str, *rest: Any) -> Any:
        if "webhooks_attempt" in sql and (last := next(endings, None)):
            with suppress(psycopg.OperationalError):
                connection.connection.execute(last)
            sleep(0.05)
        return execute(sql, *rest)

    with beside(answer(200)) as receiver:
        _told(rows.subscription(erp, url=receiver.url), 2)
        with connection.execute_wrapper(end):
            dispatch(Flag())
    assert next(endings, None) is None
    assert len(receiver.requests) == 2
    assert (_statuses(), Attempt.objects.count()) == ({"Delivered"}, 2)
