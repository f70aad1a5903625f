"""Sending again what a subscription missed, in one statement however much that is."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ordinavo.kernel.errors import Detail, ValidationFailed
from ordinavo.kernel.saving import INVALID_FIELDS, invalid_field
from ordinavo.kernel.ulids import first_ulid
from ordinavo.tenants.models import User
from webhooks import bell
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Delivery, Subscription
from webhooks.selectors import CLOCK_SKEW
from webhooks.services.event_types import may_bill
from webhooks.services.locking import note_change, reserved

MOST_REPLAYED = 50_000
MISSED = (Delivery.Status.FAILED, Delivery.Status.CANCELLED)
_BILLING = [name for name, one in EVENT_TYPES.items() if one.is_billing]

# The last delivery of an event says whether it was missed: what was sent again with success, or is on its
# way, is not sent a third time. No delivery is older than its event, so the scan of the index begins at
# `since`.
_MISSED = """
FROM webhooks_delivery AS d JOIN webhooks_event AS e ON e.id = d.event_id
WHERE d.subscription_id = %(subscription)s AND d.id >= %(first)s::uuid
    AND d.status = ANY(%(statuses)s::text[])
    AND e.occurred_at >= %(since)s::timestamptz AND e.occurred_at < %(until)s::timestamptz
    AND NOT e.is_example
    AND NOT d.event_type = ANY(%(without)s::text[])
    AND NOT EXISTS (
        SELECT FROM webhooks_delivery AS later
        WHERE later.event_id = d.event_id AND later.subscription_id = d.subscription_id AND later.id > d.id
    )
"""

# Ids as `new_ulid` makes them: 48 bits of milliseconds, then chance. The oldest events are due first. Locked
# deliveries keep their events from being pruned.
_SEND = f"""
INSERT INTO webhooks_delivery
    (id, tenant_id, client_id, subscription_id, event_id, event_type, status, attempt_count,
     due_at, by_hand, redelivery_of_id, created_at)
SELECT
    (lpad(to_hex(%(milliseconds)s::bigint), 12, '0')
        || right(replace(gen_random_uuid()::text, '-', ''), 20))::uuid,
    tenant_id, client_id, subscription_id, event_id, event_type, 'Pending', 0,
    %(now)s::timestamptz + row_number() OVER (ORDER BY event_id) * interval '1 microsecond',
    true, id, %(now)s::timestamptz
FROM (
    SELECT d.id, d.tenant_id, d.client_id, d.subscription_id, d.event_id, d.event_type
    {_MISSED}
    FOR KEY SHARE OF d
) AS missed
"""  # noqa: S608  (all of it is ours)


def count_missed(
    *, subscription: Subscription, since: datetime, until: datetime, statuses: Collection[str] = MISSED
) -> int:
    """Return how many events `replay` would send.

    They occurred from `since` to before `until`, and their last delivery has one of the statuses. Raises
    `ValidationFailed` for a time that has not begun, or ends before it starts.
    """
    _check(since, until)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) " + _MISSED, _parameters(subscription, since, until, statuses))
        (count,) = cursor.fetchone()
    return int(count)


@transaction.atomic
def replay(
    *,
    subscription: Subscription,
    since: datetime,
    until: datetime,
    statuses: Collection[str] = MISSED,
    actor: User | None = None,
) -> int:
    """Send what `count_missed` counts as redeliveries, even while the subscription is off; return the count.

    Raises `ValidationFailed` for more than `MOST_REPLAYED`, too, and `NotFound` for a deleted subscription.
    """
    # One after the other: of two that replay the same, the second one sees what the first one sends.
    current, now = reserved(subscription, "replay"), timezone.now()
    count = count_missed(subscription=current, since=since, until=until, statuses=statuses)
    if count > MOST_REPLAYED:
        message = f"These are {count:,} events; replay at most {MOST_REPLAYED:,} at once, in shorter times."
        raise ValidationFailed(INVALID_FIELDS, details=[Detail("until", "max_value", message)])
    if count:
        count = _send(_parameters(current, since, until, statuses), now)
        note_change(current, actor=actor, verb="replayed", count=count, statuses=sorted(statuses))
        transaction.on_commit(bell.ring, robust=True)
    return count


def _check(since: datetime, until: datetime) -> None:
    if since > timezone.now():
        raise invalid_field("since", "Must not lie in the future.")
    if since >= until:
        raise invalid_field("until", "Must lie after since.")


def _send(parameters: dict[str, Any], now: datetime) -> int:
    parameters |= {"now": now, "milliseconds": int(now.timestamp() * 1000)}
    with connection.cursor() as cursor:
        cursor.execute(_SEND, parameters)
        return int(cursor.rowcount)


def _parameters(
    subscription: Subscription, since: datetime, until: datetime, statuses: Collection[str]
) -> dict[str, Any]:
    return {
        "subscription": subscription.pk,
        "first": first_ulid(since - CLOCK_SKEW),
        "since": since,
        "until": until,
        "statuses": [str(status) for status in statuses],
        "without": [] if may_bill(subscription.client) else _BILLING,
    }
