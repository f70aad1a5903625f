"""The web server of `make run`, with a tenant, a client and its key, on a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection, connections

from tests import factories
from tests.bench.load import HOST


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and the key that opens it."""

    port: int
    key: str


@contextmanager
def web_server() -> Iterator[Server]:
    """Migrate, make a client, start gunicorn as `make run` does, and end it."""
    call_command("migrate", verbosity=0)
    tenant = factories.tenant()
    _, key = factories.key(factories.client(tenant, **factories.ALL_SWITCHES, requests_per_minute=10**6))
    connections.close_all()
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": HOST, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "gunicorn", "-c", "ordinavo/gunicorn_conf.py", "ordinavo.wsgi"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            _wait(port)
            yield Server(port, key)
        finally:
            process.terminate()


def refresh_statistics() -> None:
    """Let the planner know the rows that have come."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection((HOST, port), timeout=0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The web server did not start.")
