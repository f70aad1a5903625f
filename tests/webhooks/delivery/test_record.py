"""Results are written once, where the claim still holds; attempts are always kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import IntegrationClient
from tests.counters import told
from tests.webhooks import rows
from tests.webhooks.delivery.landing import TOOK, claimed, recorded, result
from webhooks.delivery.claim import claim
from webhooks.delivery.flights import NOT_SENDABLE
from webhooks.delivery.record import record
from webhooks.models import Attempt, Delivery, Subscription

pytestmark = pytest.mark.django_db

NOW = timezone.now()
NASTY = "ä \"quoted\" \\back\\ \n\t {curly} 'single' %s \ufffd 😀"


@pytest.fixture
def of(erp: IntegrationClient) -> Subscription:
    return rows.subscription(erp)


def _due(of: Subscription, **fields: Any) -> Delivery:
    return rows.delivery(of, rows.event(of.client), **{"due_at": NOW - timedelta(seconds=1), **fields})


def _health(of: Subscription) -> tuple[Any, ...]:
    of.refresh_from_db()
    return of.failing_since, of.failure_streak, of.last_success_at, of.circuit_open_until


def test_a_success_ends_the_delivery_and_is_noted_on_the_subscription(of: Subscription) -> None:
    told = _due(of, attempt_count=2, status="Retrying")
    assert recorded(of, now=NOW, text=NASTY) == {"target.imported": [told.event_id]}
    told.refresh_from_db()
    assert (told.status, told.due_at, told.finished_at) == ("Delivered", None, NOW + TOOK)
    assert told.attempt_count == 3
    assert {**Attempt.objects.values().get(), "id": 0} == {
        "id": 0,
        "tenant_id": of.tenant_id,
        "subscription_id": of.pk,
        "delivery_id": told.id,
        "started_at": NOW,
        "duration_ms": 120,
        "status_code": 200,
        "error": "",
        "answer": NASTY,
    }
    assert _health(of) == (None, 0, NOW + TOOK, None)


def test_a_failure_is_tried_again_later_and_opens_a_streak(of: Subscription) -> None:
    told = _due(of)
    assert recorded(of, now=NOW, status=503, retry_after="60") == {}
    told.refresh_from_db()
    assert (told.status, told.attempt_count, told.finished_at) == ("Retrying", 1, None)
    assert told.due_at == NOW + TOOK + timedelta(seconds=60)
    assert _health(of) == (NOW + TOOK, 1, None, None)


def test_attempts_are_counted_by_what_became_of_them(of: Subscription) -> None:
    fates = ("delivered", "retry", "failed", "gone")
    before = [told("ordinavo_webhook_attempts_total", outcome=fate) for fate in fates]
    _due(of)
    recorded(of, now=NOW)
    _due(of)
    recorded(of, now=NOW, status=503)
    after = [told("ordinavo_webhook_attempts_total", outcome=fate) for fate in fates]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 0, 0]


def test_the_tenth_failure_gives_up(of: Subscription) -> None:
    told = _due(of, attempt_count=9, status="Retrying")
    assert recorded(of, now=NOW, status=None) == {"target.imported": [told.event_id]}
    told.refresh_from_db()
    assert (told.status, told.attempt_count, told.due_at) == ("Failed", 10, None)
    assert told.finished_at == NOW + TOOK
    attempt = Attempt.objects.get()
    assert (attempt.status_code, attempt.error, attempt.succeeded) == (None, "timeout", False)


def test_a_result_that_comes_too_late_leaves_an_attempt_and_nothing_else(of: Subscription) -> None:
    told = _due(of)
    (late,) = claimed(of, now=NOW)
    again = NOW + timedelta(seconds=31)
    claim({of.pk: 1}, now=again, lease=again + timedelta(seconds=30))
    assert record([result(late, now=NOW)]) == {}
    told.refresh_from_db()
    assert (told.status, told.attempt_count) == ("Pending", 0)
    assert told.due_at == again + timedelta(seconds=30)
    assert Attempt.objects.count() == 1


def test_a_result_for_what_was_cancelled_meanwhile_leaves_it_cancelled(of: Subscription) -> None:
    told = _due(of)
    (mine,) = claimed(of, now=NOW)
    Delivery.objects.update(status="Cancelled", due_at=None, finished_at=NOW)
    assert record([result(mine, now=NOW)]) == {}
    told.refresh_from_db()
    assert (told.status, told.finished_at) == ("Cancelled", NOW)


def test_a_result_recorded_twice_counts_once(of: Subscription) -> None:
    told = _due(of)
    (mine,) = claimed(of, now=NOW)
    both = [result(mine, now=NOW, status=500)]
    record(both)
    record(both)
    told.refresh_from_db()
    assert (told.status, told.attempt_count) == ("Retrying", 1)


def test_a_set_of_any_size_costs_the_same_number_of_statements(erp: IntegrationClient) -> None:
    counts = []
    for size in (1, 40):
        results = []
        for of in [rows.subscription(erp) for _ in range(min(size, 8))]:
            for _ in range(max(1, size // 8)):
                _due(of)
            results += [result(one, now=NOW) for one in claimed(of, now=NOW)]
        assert len(results) == size
        with CaptureQueriesContext(
            connection,
        ) as statements:
            record(results)
        counts.append(len(statements))
    # Savepoint, healths, attempts, deliveries, healths, savepoint.
    assert counts == [6, 6]


def test_under_load_a_success_is_noted_on_the_subscription_every_five_seconds_only(of: Subscription) -> None:
    noted = []
    for seconds in (0, 1, 4, 6):
        _due(of)
        recorded(of, now=NOW + timedelta(seconds=seconds))
        noted.append(_health(of)[2] - TOOK - NOW)
    assert noted == [timedelta(seconds=seconds) for seconds in (0, 0, 0, 6)]


def test_a_success_after_failures_clears_the_streak_at_once(of: Subscription) -> None:
    _due(of)
    recorded(of, now=NOW)
    _due(of)
    recorded(of, now=NOW + timedelta(seconds=1), status=500)
    assert _health(of)[1] == 1
    _due(of)
    recorded(of, now=NOW + timedelta(seconds=2))
    assert _health(of) == (None, 0, NOW + timedelta(seconds=2) + TOOK, None)


def test_five_failures_in_a_row_open_the_circuit(of: Subscription) -> None:
    for _ in range(5):
        _due(of)
    recorded(of, now=NOW, status=500)
    assert _health(of) == (NOW + TOOK, 5, None, NOW + TOOK + timedelta(seconds=5))


def test_what_was_asked_for_by_hand_touches_no_streak(of: Subscription) -> None:
    told = _due(of, by_hand=True)
    recorded(of, now=NOW, status=500)
    told.refresh_from_db()
    assert told.status == "Retrying"
    assert _health(of) == (None, 0, None, None)


def test_a_fault_of_ours_is_not_the_receivers(of: Subscription) -> None:
    told = _due(of)
    recorded(of, now=NOW, status=None, error=NOT_SENDABLE)
    told.refresh_from_db()
    assert told.status == "Retrying"
    assert _health(of) == (None, 0, None, None)


def test_a_result_that_the_database_refuses_holds_up_no_other_one(of: Subscription) -> None:
    for _ in range(3):
        _due(of)
    results = [result(one, now=NOW) for one in claimed(of, now=NOW)]
    results[1] = result(results[1].claim, now=NOW, error="x" * 41, status=None)
    settled = record(results)
    assert sorted(settled["target.imported"]) == sorted(r.claim.event_id for r in (results[0], results[2]))
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["Delivered", "Delivered", "Pending"]
    assert Attempt.objects.count() == 2
