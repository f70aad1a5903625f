"""Who has something due, and taking it: two statements that cost what is open, not what is stored.

Both go through the partial index `delivery_due`. A claim moves `due_at` on by the lease; that value is the
claim's token. What is not recorded before it is due again is claimed by somebody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

_OPEN = "status IN ('Pending', 'Retrying')"

# A walk from subscription to subscription through the index: one probe for each that has something open.
_LOOK = f"""
WITH RECURSIVE opened AS (
    (SELECT subscription_id, due_at FROM webhooks_delivery WHERE {_OPEN}
     ORDER BY subscription_id, due_at LIMIT 1)
    UNION ALL
    SELECT later.subscription_id, later.due_at FROM opened CROSS JOIN LATERAL (
        SELECT subscription_id, due_at FROM webhooks_delivery
        WHERE {_OPEN} AND subscription_id > opened.subscription_id
        ORDER BY subscription_id, due_at LIMIT 1
    ) AS later
)
SELECT opened.subscription_id, opened.due_at, subscription.circuit_open_until
FROM opened JOIN webhooks_subscription AS subscription ON subscription.id = opened.subscription_id
"""  # noqa: S608  (words of our own)

# `ANY(ARRAY(…))` instead of a join: a plan for whatever numbers come would otherwise read whole tables.
_CLAIM = f"""
WITH picked AS MATERIALIZED (
    SELECT due.id FROM unnest(%s::bigint[], %s::integer[]) AS wanted(subscription_id, room)
    CROSS JOIN LATERAL (
        SELECT id FROM webhooks_delivery
        WHERE {_OPEN} AND subscription_id = wanted.subscription_id AND due_at <= %s::timestamptz
        ORDER BY due_at LIMIT wanted.room FOR UPDATE SKIP LOCKED
    ) AS due
), claimed AS (
    UPDATE webhooks_delivery SET due_at = %s::timestamptz WHERE id = ANY(ARRAY(SELECT id FROM picked))
    RETURNING id, tenant_id, subscription_id, event_id, attempt_count, by_hand, due_at
)
SELECT claimed.id, claimed.tenant_id, claimed.subscription_id, claimed.attempt_count, claimed.by_hand,
    claimed.due_at, event.id, event.type, event.occurred_at, event.correlation_id, event.snapshot,
    event.is_example
FROM claimed JOIN webhooks_event AS event ON event.id = claimed.event_id
"""  # noqa: S608

# Whoever holds the row is about to change it anyway; waiting for rows in no order invites deadlocks.
_OURS = f"""
WHERE id = ANY(ARRAY(
    SELECT id FROM webhooks_delivery
    WHERE {_OPEN} AND id = ANY(%s::uuid[]) AND due_at = ANY(%s::timestamptz[]) FOR UPDATE SKIP LOCKED
))
"""  # noqa: S608
_RELEASE = f"UPDATE webhooks_delivery SET due_at = %s::timestamptz {_OURS}"  # noqa: S608
_CANCEL = f"""
UPDATE webhooks_delivery SET status = 'Cancelled', due_at = NULL, finished_at = %s::timestamptz {_OURS}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Due:
    """A subscription with open deliveries, and when the first of them is due."""

    subscription_id: int
    first_at: datetime
    circuit_open_until: datetime | None

    @property
    def ready_at(self) -> datetime:
        """When something may be sent."""
        return max(self.first_at, self.circuit_open_until or self.first_at)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until `lease`, with its event; `snapshot` is JSON text."""

    delivery_id: UUID
    tenant_id: int
    subscription_id: int
    attempt_count: int
    by_hand: bool
    lease: datetime
    event_id: UUID
    event_type: str
    occurred_at: datetime
    correlation_id: str
    snapshot: str
    is_example: bool


def look() -> list[Due]:
    """Return every subscription that has open deliveries, due or not."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        return [Due(*row) for row in cursor.fetchall()]


def claim(rooms: Mapping[int, int], *, now: datetime, lease: datetime) -> list[Claim]:
    """Take what is due, up to its room for each subscription; nobody else gets it before `lease`."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(rooms), list(rooms.values()), now, lease])
        return [Claim(*row) for row in cursor.fetchall()]


def release(claims: Sequence[Claim], *, now: datetime) -> None:
    """Give back what was not sent; whoever looks next may take it."""
    _change(_RELEASE, claims, now)


def cancel(claims: Sequence[Claim], *, now: datetime) -> None:
    """End deliveries to subscriptions that are off."""
    _change(_CANCEL, claims, now)


def _change(statement: str, claims: Sequence[Claim], now: datetime) -> None:
    if not claims:
        return
    leases = {claim.lease for claim in claims}
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, [claim.delivery_id for claim in claims], list(leases)])
