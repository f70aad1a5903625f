"""Claims and what came of them, without a network."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ordinavo.kernel.outbound.door import Answer
from webhooks.delivery.claim import Claim, claim
from webhooks.delivery.flights import Landed
from webhooks.delivery.record import Result, judged, record
from webhooks.models import Subscription

TOOK = timedelta(milliseconds=120)


def claimed(of: Subscription, *, now: datetime, room: int = 50) -> list[Claim]:
    """Claim what is due."""
    return claim({of.pk: room}, now=now, lease=now + timedelta(seconds=30))


def result(of: Claim, *, now: datetime, status: int | None = 200, **fields: Any) -> Result:
    """The result of an attempt that began at `now`."""
    answer = Answer(
        **{
            "status": status,
            "error": "" if status else "timeout",
            "text": "",
            "retry_after": None,
            "duration_ms": TOOK // timedelta(milliseconds=1),
            **fields,
        }
    )
    return judged(Landed(of, now, answer), answer)


def recorded(
    of: Subscription, *, now: datetime, status: int | None = 200, **fields: Any
) -> dict[str, Collection[UUID]]:
    """Claim all that is due, and record the same answer to each."""
    results = [result(one, now=now, status=status, **fields) for one in claimed(of, now=now)]
    assert results
    return dict(record(results))
