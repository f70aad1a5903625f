"""The bells of the delivery engine, and its chores. The rows are the queue."""

from threading import Event
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from webhooks import bell
from webhooks.delivery import dispatch as engine
from webhooks.delivery.prune import prune as prune_old

QUEUE = "webhooks"
_stop = Event()


@shared_task
def dispatch() -> None:
    """Deliver until nothing is left.

    Needs a process of its own (`--pool=solo --queues=webhooks`): it takes as long as there is something to
    deliver, and no time limit must end it.
    """
    engine.dispatch(_stop)


@shared_task
def sweep() -> None:
    """Rung by beat: call a dispatcher unless one is at work; it finds retries and what has lost its bell."""
    bell.ring()


@shared_task
def prune() -> int:
    """Delete what is past its time; return how many rows that were."""
    return prune_old()


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    if QUEUE in sender.app.amqp.queues.consume_from:
        # The mark may be of a process that was killed.
        bell.listen_again()
        bell.ring()


@worker_shutting_down.connect
def _end(**_: Any) -> None:
    # Without a pool we run in the very thread that is told of the end.
    _stop.set()


@worker_shutdown.connect
def _close(**_: Any) -> None:
    engine.close_lines()
