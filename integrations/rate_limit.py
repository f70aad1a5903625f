"""So many requests a client may send in a window of 60 seconds, counted in one place for all web processes.

One script adds one and says how many that makes, by the clock of the store: no two processes see the same
number. Where the store is away everything passes, and it is not asked again for a moment, so that requests do
not wait for it one by one.
"""

import hashlib
import time
from dataclasses import dataclass

import redis
import structlog
from django.conf import settings

from integrations.measures import LIMITED, UNLIMITED
from integrations.models import IntegrationClient
from integrations.refusals import RateLimited
from ordinavo.kernel.redis import client as store

log = structlog.get_logger("integrations.rate_limit")

_SPEND = """
local now = redis.call('TIME')
local window = tonumber(ARGV[1])
local ends = now[1] - now[1] % window + window
local spent = redis.call('INCR', KEYS[1])
if spent == 1 then redis.call('EXPIREAT', KEYS[1], ends) end
return {spent, ends, ends - now[1]}
"""
# By this the store knows the script once it has seen it.
_DIGEST = hashlib.sha1(_SPEND.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class _Outage:
    """Which store is left alone, and until when by this process's own clock."""

    of: object = None
    until: float = 0.0


_outage = _Outage()


@dataclass(frozen=True, slots=True)
class Spent:
    """What one request left of its client's window."""

    limit: int
    remaining: int
    resets_at: int
    seconds_left: int

    def headers(self) -> dict[str, str]:
        """Return what every answer to the client says."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": str(self.resets_at),
        }

    def check(self) -> None:
        """Raise `RateLimited` if this request was one too many."""
        if self.remaining < 0:
            LIMITED.labels("requests").inc()
            raise RateLimited(
                f"This integration client may send {self.limit:,} requests a minute.",
                retry_after=max(1, self.seconds_left),
            )


def spend(client: IntegrationClient) -> Spent | None:
    """Count one request of a client; None if nobody can say how many that makes."""
    if _outage.of is store() and time.monotonic() < _outage.until:
        UNLIMITED.labels("requests").inc()
        return None
    try:
        spent, resets_at, left = _count(f"ordinavo:rate:{client.pk}")
    except redis.RedisError as exc:
        UNLIMITED.labels("requests").inc()
        _outage.of, _outage.until = store(), time.monotonic() + settings.RATE_LIMIT_OUTAGE_SECONDS
        log.warning("rate_limit_unavailable", reason=type(exc).__name__)
        return None
    limit = client.requests_per_minute
    return Spent(limit=limit, remaining=limit - spent, resets_at=resets_at, seconds_left=left)


def _count(name: str) -> list[int]:
    window = settings.RATE_LIMIT_WINDOW_SECONDS
    try:
        return _numbers(store().evalsha(_DIGEST, 1, name, window))
    except redis.exceptions.NoScriptError:
        return _numbers(store().eval(_SPEND, 1, name, window))


def _numbers(answer: object) -> list[int]:
    return [int(number) for number in answer]  # type: ignore[attr-defined]
