"""Where Django looks for a backend's connection class."""

from datetime import UTC
from select import POLLIN, poll
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from ordinavo.kernel.postgres.instants import adapters

# Seconds for which an answer of the server counts, as long as it says nothing else.
ASK_AGAIN = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks whether a kept connection lives before each request, and asks the server once a second at most.

    In between a silent socket is proof enough: a server that ends a connection, or ends itself, makes the
    socket readable, by its farewell or by the end of the stream.
    """

    _answered_at = float("-inf")

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg is told, with our own reading of instants."""
        params = super().get_connection_params()
        if self.timezone == UTC:
            params["context"] = adapters()
        return params

    def is_usable(self) -> bool:
        """Return whether statements may be sent over the connection."""
        if monotonic() - self._answered_at < ASK_AGAIN and self._is_silent():
            return True
        usable = super().is_usable()
        self._answered_at = monotonic() if usable else float("-inf")
        return usable

    def _is_silent(self) -> bool:
        # In a transaction only the server knows whether it has failed.
        if self.connection is None or self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        unasked = poll()
        unasked.register(self.connection.fileno(), POLLIN)
        return not unasked.poll(0)
