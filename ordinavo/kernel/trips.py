"""Several statements in one round trip, where none of them needs another one's answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_trip() -> Iterator[None]:
    """Send the statements of the block together and wait for their answers once, at its end.

    They run one after the other; each sees what was committed before its turn came. Answers are fetched after
    the block. A fault is raised by the end of the block, and the statements behind it have not run. The block
    must neither begin nor end a transaction or savepoint.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
