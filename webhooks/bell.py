"""The dispatcher's bell: rung once for any number of events, and kept silent while a dispatcher is at work.

A mark in Redis says that a bell is on its way or a dispatcher at work. A dispatcher that goes away takes the
mark off first and looks a last time then, so no event can fall between: it is seen, or it rings itself.
"""

import redis
import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from ordinavo.kernel.redis import client

log = structlog.get_logger("ordinavo.webhooks")

MARK = "webhooks:bell"
_TASK = "webhooks.tasks.dispatch"


def ring() -> None:
    """Call a dispatcher unless one has been called. A broker that is away is logged: beat will ring."""
    try:
        if client().set(MARK, 1, nx=True, px=_milliseconds()):
            current_app.send_task(_TASK)
    except (redis.RedisError, OperationalError):
        log.warning("broker_away")


def keep_silent() -> None:
    """Tell all others that a dispatcher is at work; holds for `WEBHOOK_BELL_SECONDS`."""
    client().set(MARK, 1, px=_milliseconds())


def listen_again() -> None:
    """Let the next event ring."""
    client().delete(MARK)


def _milliseconds() -> int:
    return int(settings.WEBHOOK_BELL_SECONDS * 1000)
