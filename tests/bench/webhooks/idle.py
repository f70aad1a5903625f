"""What the product asks of its database while nothing happens."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.server import free_port
from tests.bench.webhooks.processes import DISPATCHER, running

_SETTLING, _SECONDS = 25, 60
# What PostgreSQL writes into its log for a statement, in either protocol.
_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]+):\s+(.{0,70})")
_SHOWN = 8


def measure() -> Iterator[Figure]:
    """Yield the statements a second with everything running that `make run` runs.

    They are counted in the log of the embedded server, BEGIN and COMMIT too; another server's log is out of
    reach, so there its transactions are counted.
    """
    log = Path(connection.settings_dict["HOST"]) / "postgres.log"
    with running("web", "worker", DISPATCHER, "beat", HOST=HOST, PORT=str(free_port())):
        time.sleep(_SETTLING)
        asked = _logged(log) if log.is_file() else _transactions()
    what = "statements" if log.is_file() else "transactions"
    yield Figure("idle, everything running", asked, f"{what}/s", "≤ 2/s", asked <= 2)


def _logged(log: Path) -> float:
    with _everything_logged():
        start = log.stat().st_size
        time.sleep(_SECONDS)
        with log.open(errors="replace") as lines:
            lines.seek(start)
            found = Counter(_STATEMENT.findall(lines.read()))
    for statement, number in found.most_common(_SHOWN):
        print(f"{number:5} in {_SECONDS} s: {statement}")
    return found.total() / _SECONDS


@contextmanager
def _everything_logged() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET log_statement = 'all'")
        cursor.execute("SELECT pg_reload_conf()")
        time.sleep(1)
        try:
            yield
        finally:
            cursor.execute("ALTER SYSTEM RESET log_statement")
            cursor.execute("SELECT pg_reload_conf()")


def _transactions() -> float:
    before = _counted()
    time.sleep(_SECONDS)
    # One of them is our own.
    return (_counted() - before - 1) / _SECONDS


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database")
        return int(cursor.fetchone()[0])
