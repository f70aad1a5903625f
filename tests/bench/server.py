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

from integrations.models import IntegrationClient
from tests import factories
from tests.bench.load import HOST


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, the key that opens it, and whom the key speaks for."""

    port: int
    key: str
    client: IntegrationClient


@contextmanager
def web_server() -> Iterator[Server]:
    """Migrate, make a client, start gunicorn as `make run` does, and end it."""
    call_command("migrate", verbosity=0)
    tenant = factories.tenant()
    client = factories.client(tenant, **factories.ALL_SWITCHES, requests_per_minute=10**6)
    _, key = factories.key(client)
    connections.close_all()
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": HOST, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "gunicorn", "-c", "ordinavo/gunicorn_conf.py", "ordinavo.wsgi"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            _wait(port)
            yield Server(port, key, client)
        finally:
            process.terminate()


@contextmanager
def worker(processes: int) -> Iterator[int]:
    """Start a Celery worker as `make run` does, and end it; yields the id of its main process."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "ordinavo", "worker", "--pool=prefork"]
    command += [
        f"--concurrency={processes}",
        "--prefetch-multiplier=1",
        "--without-gossip",
        "--without-mingle",
    ]
    environment = {**os.environ, "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "ordinavo.settings"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process.pid
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
