"""The health of receivers as it is stored: read under lock, judged by `circuit`, written where it changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ordinavo.kernel.sets import update_rows
from webhooks.delivery.circuit import Health, Policy, Seen, after
from webhooks.models import Subscription

# A success is noted on its subscription so often at most: under load the row would change all the time.
_SUCCESS_NOTED_EVERY = timedelta(seconds=5)
_READ = """
SELECT id, failing_since, failure_streak, last_success_at, circuit_open_until FROM webhooks_subscription
WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""


def locked_healths(subscription_ids: Collection[int]) -> dict[int, Health]:
    """Return the healths by subscription, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(subscription_ids)])
        return {row[0]: Health(*row[1:]) for row in cursor.fetchall()}


def note_health(before: Mapping[int, Health], seen: Mapping[int, Sequence[Seen]]) -> dict[int, Health]:
    """Write what the attempts change, and return the healths after them."""
    shortest, longest = (timedelta(seconds=seconds) for seconds in settings.WEBHOOK_CIRCUIT_SECONDS)
    policy = Policy(settings.WEBHOOK_CIRCUIT_FAILURES, shortest, longest)
    healths = {key: after(before[key], attempts, policy) for key, attempts in seen.items()}
    rows = [
        {"id": key, **asdict(health)}
        for key, health in healths.items()
        if _worth_writing(before[key], health)
    ]
    if rows:
        update_rows(Subscription, rows)
    return healths


def is_hopeless(health: Health, *, now: datetime) -> bool:
    """Whether there was nothing but failure for `WEBHOOK_DISABLE_AFTER_DAYS`."""
    return health.is_failing_for(timedelta(days=settings.WEBHOOK_DISABLE_AFTER_DAYS), now=now)


def let_probe(subscription: Subscription) -> None:
    """Let the next delivery find out at once whether the receiver lives: somebody has asked for it."""
    opened = Subscription.objects.filter(pk=subscription.pk, circuit_open_until__gt=timezone.now())
    opened.update(circuit_open_until=timezone.now())


def _worth_writing(before: Health, now: Health) -> bool:
    known, latest = before.last_success_at, now.last_success_at
    if known and latest and replace(now, last_success_at=known) == before:
        return latest - known >= _SUCCESS_NOTED_EVERY
    return before != now
