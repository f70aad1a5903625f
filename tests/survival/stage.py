"""A whole product on servers of its own, so that they may be stopped, frozen and killed."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import redis
from celery import Celery
from django.conf import settings
from django.db import connections
from django.db.utils import ConnectionHandler

from ordinavo.kernel.database_url import database_config
from ordinavo.kernel.health import WORKER_MARK
from ordinavo.local import postgres, valkey
from ordinavo.local.children import Child, Spec
from ordinavo.local.run import processes
from ordinavo.local.servant import hire
from tests.bench.server import free_port

PROJECT = Path(__file__).resolve().parents[2]


def wait(true: Callable[[], object], what: str, *, seconds: float = 60.0, step: float = 0.05) -> None:
    """Wait until it is true; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"Waited {seconds:g} s and still not: {what}."
        time.sleep(step)


class Stage:
    """The servers and all processes of one test session; every one dies with us, even if we are killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The servers' user must get through.
        self.folder.chmod(0o711)
        self.servant = hire(PROJECT)
        self.burrow = self.servant.give(self.folder / "servers")
        self.address = valkey.free_address()
        self.children: list[Child] = []
        self.started = 0
        self.broker = redis.Redis.from_url(self.address.url)
        self.bells = Celery("bells", broker=self.address.url, set_as_current=False)
        self.bells.conf.task_default_queue = "default"

    def raise_curtain(self) -> None:
        """Start servers, web and beat."""
        self.start_postgres()
        postgres.create_database(self.servant, self.burrow)
        self.start_valkey()
        self.port = free_port()
        self.start("web")
        self.start("beat")

    # --- Servers -----------------------------------------------------------------------------------------

    def start_postgres(self) -> None:
        """Start PostgreSQL, after a crash with its recovery, and return when it is ready."""
        data = self.burrow / "postgres"
        postgres.prepare(self.servant, data)
        # Careful as in production: a crash must lose nothing.
        command = postgres.command(self.servant, data, self.burrow, careless=False)
        self.postgres = self._start(self._server("postgres", command))
        wait(lambda: postgres.is_ready(data, self.postgres.process.pid), "PostgreSQL is ready")

    def crash_postgres(self) -> None:
        """End PostgreSQL as a power cut would (`pg_ctl stop -m immediate`)."""
        connections["default"].close()
        self.postgres.send(signal.SIGQUIT)
        wait(self.postgres.has_ended, "PostgreSQL has ended")
        self.forget(self.postgres)

    def start_valkey(self) -> None:
        """Start Valkey, empty, on the port that it has had before."""
        self.valkey = self._start(
            self._server("valkey", valkey.command(self.servant, self.burrow, self.address))
        )
        wait(lambda: valkey.answers(self.address), "Valkey answers")

    def _server(self, name: str, command: list[str]) -> Spec:
        env = {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "C", "HOME": str(self.burrow)}
        return Spec(
            name, command, env, self.burrow, log=self.folder / f"{name}.log", as_user=self.servant.as_user
        )

    # --- Processes of the product ------------------------------------------------------------------------

    def start(self, name: str, *, processes_in_pool: int = 2) -> Child:
        """Start `web`, `worker`, `webhooks`, `routes` or `beat` as `make run` does."""
        self.started += 1
        notes = self.folder / f"{name}-{self.started}"
        notes.mkdir()
        spec = next(spec for spec in processes(PROJECT, notes, self.environment) if spec.name == name)
        size = f"--concurrency={processes_in_pool}"
        command = [size if word.startswith("--concurrency=") else word for word in spec.command]
        return self._start(replace(spec, command=command, log=notes / "log"))

    @property
    def environment(self) -> Mapping[str, str]:
        """What our processes are told."""
        # The stage is this process's own; whose neighbours it has is nothing to its children.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
        return {
            **inherited,
            "DATABASE_URL": postgres.url(self.burrow),
            "REDIS_URL": self.address.url,
            "DJANGO_SETTINGS_MODULE": "tests.survival.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "HTTPS": "no",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEBHOOK_ALLOWED_TARGETS": "127.0.0.1",
        }

    def wait_for_worker(self) -> None:
        """Wait until a worker is heard that was not heard before."""
        self.broker.delete(WORKER_MARK)
        wait(lambda: self.broker.exists(WORKER_MARK), "a worker is heard")

    def knock(self, path: str = "/healthz") -> HTTPConnection:
        """Return a connection to the web server on which the answer to GET is awaited."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=10)
        link.request("GET", path)
        return link

    def mend(self) -> None:
        """Start again what a failed test has left stopped."""
        if self.postgres not in self.children:
            self.start_postgres()
        if self.valkey not in self.children:
            self.start_valkey()

    def forget(self, child: Child) -> None:
        """Kill a child with its whole group and take it out of the books."""
        child.kill()
        child.reap()
        self.children.remove(child)

    def end_all(self, *, but: tuple[str, ...] = ()) -> None:
        """Kill every child except those of these names."""
        for child in [child for child in self.children if child.spec.name not in but]:
            self.forget(child)

    def last_words(self) -> str:
        """Return what every process said last."""
        return "\n\n".join(f"--- {child.spec.name}\n{child.last_words()}" for child in self.children)

    def close(self) -> None:
        """End everything."""
        self.end_all()
        self.broker.close()
        self.bells.close()

    def _start(self, spec: Spec) -> Child:
        child = Child(spec)
        self.children.append(child)
        return child

    # --- Our own eyes ------------------------------------------------------------------------------------

    @contextmanager
    def seen(self) -> Iterator[None]:
        """Let the models of this process look at the stage's database."""
        before = connections["default"]
        config = database_config(postgres.url(self.burrow))
        connections["default"] = ConnectionHandler({"default": config})["default"]
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = before

    def ring(self, job_id: int) -> None:
        """Send the task that works off a chunk of a job."""
        self.bells.send_task("targets.imports.tasks.work_job", [job_id], queue="imports")

    def waiting_bells(self) -> int:
        """How many tasks wait in the queue of the imports."""
        return int(self.broker.llen("imports"))

    def ring_dispatchers(self, count: int) -> None:
        """Call so many dispatchers, whether or not one is at work."""
        for _ in range(count):
            self.bells.send_task("webhooks.tasks.dispatch", queue="webhooks")

    def sweep(self) -> None:
        """Send what beat sends."""
        self.bells.send_task("targets.imports.tasks.sweep_jobs", queue="imports")


def children_of(pid: int) -> list[int]:
    """Return the processes that this process has started."""
    if sys.platform != "linux":
        raise AssertionError("These tests look into /proc.")
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _parent(entry) == pid]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
