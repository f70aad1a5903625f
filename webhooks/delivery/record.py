"""Writing down what came of attempts: any number of them in one short transaction."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction

from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.outbound.door import Answer
from ordinavo.kernel.sets import insert_rows
from webhooks.delivery.circuit import Health, Seen
from webhooks.delivery.claim import Claim
from webhooks.delivery.disable import disable
from webhooks.delivery.flights import NOT_SENDABLE, Landed
from webhooks.delivery.health import is_hopeless, locked_healths, note_health
from webhooks.delivery.verdict import Fate, Verdict, judge
from webhooks.measures import ATTEMPTS
from webhooks.models import Attempt, Delivery, Subscription

log = structlog.get_logger("ordinavo.webhooks")

Settled = Mapping[str, Collection[UUID]]

_STATUSES = {
    Fate.DELIVERED: Delivery.Status.DELIVERED,
    Fate.RETRY: Delivery.Status.RETRYING,
    Fate.FAILED: Delivery.Status.FAILED,
    Fate.GONE: Delivery.Status.FAILED,
}

# Only where the claim still holds: a result that comes late must not undo what somebody else has done since.
_SETTLE = """
UPDATE webhooks_delivery AS stored SET status = came.status, attempt_count = came.attempt_count,
    due_at = came.due_at, finished_at = came.finished_at
FROM json_to_recordset(%s::json) AS came(id uuid, lease timestamptz, status text, attempt_count integer,
    due_at timestamptz, finished_at timestamptz)
WHERE stored.id = came.id AND stored.due_at = came.lease
RETURNING stored.event_type, stored.event_id, stored.status
"""


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt that was made and judged."""

    claim: Claim
    started_at: datetime
    answer: Answer
    verdict: Verdict

    @property
    def ended_at(self) -> datetime:
        """When the answer was there."""
        return self.started_at + timedelta(milliseconds=self.answer.duration_ms)


def judged(landed: Landed, answer: Answer) -> Result:
    """Return the result of an attempt that got this answer."""
    verdict = judge(
        status=answer.status,
        error=answer.error,
        retry_after=answer.retry_after,
        attempts_made=landed.claim.attempt_count + 1,
        waits=settings.WEBHOOK_RETRY_SECONDS,
        now=landed.started_at + timedelta(milliseconds=answer.duration_ms),
        chance=random.random(),  # noqa: S311  (only spreads the load)
    )
    return Result(landed.claim, landed.started_at, answer, verdict)


def record(results: Sequence[Result]) -> Settled:
    """Write the results and return the ids of events whose deliveries came to their end, by event type.

    Attempts are always kept; a delivery follows if its claim still holds. Raises database errors that may
    pass; a result that the database refuses is logged and dropped, so that it holds up no other one.
    """
    try:
        settled = _write(results)
    except (DataError, IntegrityError):
        if len(results) == 1:
            log.exception("result_refused", delivery_id=str(results[0].claim.delivery_id))
            return {}
    else:
        _count(results)
        return settled
    apart: dict[str, list[UUID]] = defaultdict(list)
    for result in results:
        for event_type, event_ids in record([result]).items():
            apart[event_type] += event_ids
    return apart


def _count(results: Iterable[Result]) -> None:
    for fate, number in Counter(result.verdict.fate for result in results).items():
        ATTEMPTS.labels(fate.value).inc(number)


@transaction.atomic
def _write(results: Sequence[Result]) -> Settled:
    # Subscriptions are locked before their deliveries, as everywhere: no deadlocks.
    before = locked_healths({result.claim.subscription_id for result in results})
    insert_rows(Attempt, [_attempt_row(result) for result in results])
    settled = _settle(results)
    healths = note_health(before, _seen(results))
    _disable(healths, results)
    return settled


def _seen(results: Iterable[Result]) -> Mapping[int, list[Seen]]:
    seen: dict[int, list[Seen]] = defaultdict(list)
    for result in results:
        # A fault of ours says nothing about the receiver.
        if result.answer.error != NOT_SENDABLE:
            attempt = Seen(result.verdict.succeeded, result.started_at, result.ended_at, result.claim.by_hand)
            seen[result.claim.subscription_id].append(attempt)
    return seen


def _attempt_row(result: Result) -> dict[str, Any]:
    claim, answer = result.claim, result.answer
    return {
        "tenant_id": claim.tenant_id,
        "subscription_id": claim.subscription_id,
        "delivery_id": claim.delivery_id,
        "started_at": result.started_at,
        "duration_ms": answer.duration_ms,
        "status_code": answer.status,
        "error": answer.error,
        "answer": answer.text,
    }


def _settle(results: Iterable[Result]) -> Settled:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [json_text([_delivery_row(result) for result in results])])
        stored = cursor.fetchall()
    settled: dict[str, list[UUID]] = defaultdict(list)
    for event_type, event_id, status in stored:
        if status != Delivery.Status.RETRYING:
            settled[event_type].append(event_id)
    return settled


def _delivery_row(result: Result) -> dict[str, Any]:
    wait = result.verdict.wait
    return {
        "id": result.claim.delivery_id,
        "lease": result.claim.lease,
        "status": _STATUSES[result.verdict.fate],
        "attempt_count": result.claim.attempt_count + 1,
        "due_at": None if wait is None else result.ended_at + wait,
        "finished_at": result.ended_at if wait is None else None,
    }


def _disable(healths: Mapping[int, Health], results: Sequence[Result]) -> None:
    """Switch off who answered 410, and who has been failing for too long."""
    reasons = {}
    for result in results:
        key = result.claim.subscription_id
        if result.verdict.fate is Fate.GONE:
            reasons[key] = Subscription.DisabledReason.GONE
        elif key in healths and is_hopeless(healths[key], now=result.ended_at):
            reasons.setdefault(key, Subscription.DisabledReason.FAILING)
    for key, reason in reasons.items():
        subscription = Subscription.objects.get(pk=key)
        if disable(subscription, reason, now=max(result.ended_at for result in results)):
            log.warning("subscription_disabled", subscription_id=key, reason=reason)
