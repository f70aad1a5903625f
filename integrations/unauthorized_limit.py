"""At most so many 401s a minute for one address.

Only refused requests are counted, and only they are turned into 429s: a working key is never locked out by a
neighbour behind the same address, and a good request never waits for the store.
"""

import time

import redis
import structlog
from django.conf import settings

from integrations.measures import LIMITED, UNLIMITED
from integrations.refusals import RateLimited
from ordinavo.kernel.redis import client

log = structlog.get_logger("integrations.unauthorized_limit")

WINDOW_SECONDS = 60


def count_unauthorized(address: str) -> None:
    """Count one refusal; raise `RateLimited` past the limit. Without the store everything passes."""
    window, elapsed = divmod(int(time.time()), WINDOW_SECONDS)
    try:
        count = _increment(f"ordinavo:401:{address}:{window}")
    except redis.RedisError as exc:
        UNLIMITED.labels("unauthorized").inc()
        log.warning("unauthorized_limit_unavailable", reason=type(exc).__name__)
        return
    if count > settings.UNAUTHORIZED_PER_MINUTE:
        LIMITED.labels("unauthorized").inc()
        raise RateLimited(
            "Too many requests without a working key came from this address.",
            retry_after=WINDOW_SECONDS - elapsed,
        )


def _increment(name: str) -> int:
    with client().pipeline(transaction=False) as pipeline:
        pipeline.incr(name)
        pipeline.expire(name, 2 * WINDOW_SECONDS)
        count, _ = pipeline.execute()
    return int(count)
