"""A request in a thread of its own that has to wait for a lock which the test holds."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.db import connection

_PATIENCE_SECONDS = 15
_BLOCKED = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
)


class Waiting:
    """`start` returns once the request waits, with its server process; `answer` awaits its end."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._answers: list[Any] = []
        self._thread = Thread(target=self._run)

    def start(self) -> int:
        """Send the request; call it in a transaction that holds what the request needs."""
        self._thread.start()
        deadline = monotonic() + _PATIENCE_SECONDS
        while monotonic() < deadline:
            with connection.cursor() as cursor:
                # Inside a transaction the view would show the same picture for ever.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(_BLOCKED)
                if row := cursor.fetchone():
                    return int(row[0])
            sleep(0.01)
        raise AssertionError("The request does not wait for a lock.")

    def answer(self) -> Any:
        """Return what the request was answered."""
        self._thread.join(timeout=_PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self._answers[0]

    def _run(self) -> None:
        try:
            self._answers.append(self._call())
        finally:
            connection.close()
