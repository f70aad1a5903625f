"""The dispatcher: claims what is due, has it sent, records what came of it, until nothing is left to do.

One thread talks to the database, another one to the receivers (`flights`). What is lost with this
process is found by the next dispatcher when its lease is over.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from threading import Event
from time import monotonic, sleep

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ordinavo.kernel.health import note_dispatcher
from ordinavo.kernel.outbound.door import Door, LoopThread
from ordinavo.kernel.postgres.away import AWAY
from webhooks import bell
from webhooks.delivery.carrier import Carrier
from webhooks.delivery.claim import look
from webhooks.delivery.flights import Flights
from webhooks.delivery.pace import Pace

log = structlog.get_logger("ordinavo.webhooks")

_AWAY_PAUSE = 0.5
_HEARD_EVERY = 1.0


def dispatch(stop: Event) -> None:
    """Deliver until nothing is due or soon to be due, or until `stop` is set."""
    loop, door = _lines()
    carrier = Carrier(Flights(loop, door, seconds=settings.WEBHOOK_TIMEOUT_SECONDS))
    Dispatcher(carrier, stop).run()


@cache
def _lines() -> tuple[LoopThread, Door]:
    """Return loop and door of this process; they last, and with them the connections to receivers."""
    loop = LoopThread("webhooks")
    loop.start()
    return loop, Door(timeout=settings.WEBHOOK_TIMEOUT_SECONDS, most=settings.WEBHOOK_IN_FLIGHT)


def close_lines() -> None:
    """Close all connections to receivers; a later run opens new ones."""
    if not _lines.cache_info().currsize:
        return
    loop, door = _lines()
    _lines.cache_clear()
    loop.submit(door.close()).result(timeout=5)
    loop.stop()


class Dispatcher:
    """One run of dispatching."""

    def __init__(self, carrier: Carrier, stop: Event) -> None:
        self._carrier = carrier
        self._stop = stop
        self._pace = Pace()
        self._next_at: datetime | None = None
        self._heard_at = float("-inf")

    def run(self) -> None:
        """Work until nothing is left, or the process is asked to end."""
        while not self._stop.is_set():
            self._be_heard()
            try:
                if self._turn():
                    return
            except AWAY as fault:
                self._wait_for_database(fault)
        self._say_farewell()

    def _turn(self) -> bool:
        """Do what there is to do and wait for more; return whether nothing is left and we may go."""
        self._carrier.store()
        if self._look():
            self._pace.move(monotonic())
        elif self._may_go():
            return self._leave()
        pause = self._pace.next_pause(monotonic(), until_next=self._until_next())
        if self._carrier.land(pause):
            self._pace.move(monotonic())
        return False

    def _look(self) -> bool:
        """Send what is due; return whether there was anything."""
        now, dues = timezone.now(), look()
        self._next_at = min((due.ready_at for due in dues if due.ready_at > now), default=None)
        return self._carrier.take(dues, now=now)

    def _until_next(self) -> float | None:
        return None if self._next_at is None else (self._next_at - timezone.now()).total_seconds()

    def _may_go(self) -> bool:
        until_next = self._until_next()
        return (
            self._carrier.is_empty
            and self._pace.is_idle(monotonic(), after=settings.WEBHOOK_IDLE_SECONDS)
            and (until_next is None or until_next > settings.WEBHOOK_LINGER_SECONDS)
        )

    def _leave(self) -> bool:
        """Let events ring again, look a last time, and stay after all if something has come meanwhile."""
        _tell(bell.listen_again)
        if not self._look():
            return True
        self._heard_at = float("-inf")
        self._pace.move(monotonic())
        return False

    def _wait_for_database(self, fault: Exception) -> None:
        log.warning("database_away", reason=str(fault).partition("\n")[0])
        connection.close()
        # Results still come in, and are kept.
        self._carrier.land(_AWAY_PAUSE)
        self._stop.wait(_AWAY_PAUSE)

    def _be_heard(self) -> None:
        if monotonic() - self._heard_at >= _HEARD_EVERY:
            self._heard_at = monotonic()
            _tell(bell.keep_silent)
            _tell(note_dispatcher)

    def _say_farewell(self) -> None:
        """Wait a little for answers, record them, give back the rest, and call for somebody else."""
        until = monotonic() + settings.WEBHOOK_FAREWELL_SECONDS
        while self._carrier.under_way and monotonic() < until:
            self._carrier.land(max(0.0, until - monotonic()))
        if self._carrier.under_way:
            self._carrier.recall()
            self._carrier.land(1.0)
        self._store_at_last()
        _tell(bell.listen_again)
        bell.ring()

    def _store_at_last(self) -> None:
        until = monotonic() + settings.WEBHOOK_FAREWELL_SECONDS
        while monotonic() < until:
            try:
                self._carrier.store()
            except AWAY:
                connection.close()
                sleep(_AWAY_PAUSE)
            else:
                return
        log.warning("results_lost")


def _tell(message: Callable[[], None]) -> None:
    """Say something to Redis; without it events don't ring, which beat makes good."""
    try:
        message()
    except redis.RedisError:
        log.warning("broker_away")
