"""The bell of the delivery engine: it calls the dispatcher once, however many events ask for it.

A mark in Redis says that somebody has been called already. It goes by itself: a bell that was lost is rung
again soon, and the sweep finds what is due in any case.
"""

import redis
import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from ordinavo.kernel.redis import client

log = structlog.get_logger("ordinavo.webhooks")

_MARK, _MARK_MS = "webhooks:bell", 5000


def ring() -> None:
    """Call the dispatcher, unless it is called already; if the broker is away, the sweep will."""
    try:
        if client().set(_MARK, 1, nx=True, px=_MARK_MS):
            current_app.send_task("webhooks.tasks.dispatch")
    except (redis.RedisError, OperationalError):
        log.warning("broker_away")
