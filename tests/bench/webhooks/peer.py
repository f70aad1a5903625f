"""The two peers: their environment, their databases, their processes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.bench.webhooks.receivers import Receivers, wait_until

_ROOT = Path(__file__).resolve().parents[3]
_LOCK = _ROOT / "requirements" / "peers.txt"
_HOME = _ROOT / ".local" / "peers"
_PYTHON = str(_HOME / "bin" / "python")
_PROJECTS = Path(__file__).with_name("peers")

_CELERY = ("-m", "celery", "--quiet", "-A", "by_signal", "worker", "--loglevel=ERROR", "--concurrency=2")
_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass(frozen=True, slots=True)
class Peer:
    """A project under `peers/`, and the processes that deliver for it."""

    name: str
    project: str
    processes: Sequence[Sequence[str]]

    def prepare(self, urls: Sequence[str]) -> None:
        """Make its database anew, with one subscription for each address."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.project}")
            cursor.execute(f"CREATE DATABASE {self.project}")
        self._do("prepare", urls)

    def rate(self, receivers: Receivers, payload: dict[str, Any], *, times: int, each: int) -> float:
        """Return deliveries a second of so many waiting events, each told to so many subscriptions.

        The first tenth of the arrivals is left out: processes start in it.
        """
        self._do("fire", {"payload": payload, "times": times})
        receivers.forget()
        with self._delivering():
            wait_until(
                lambda: receivers.count() >= times * each, seconds=600, what=f"{self.name} had delivered all"
            )
        arrived = sorted(receivers.times())
        later = arrived[len(arrived) // 10 :]
        return (len(later) - 1) / (later[-1] - later[0])

    @contextmanager
    def _delivering(self) -> Iterator[None]:
        with ExitStack() as running:
            for words in self.processes:
                process = subprocess.Popen(
                    [_PYTHON, *words],
                    env=self._environment(),
                    cwd=_PROJECTS,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                running.callback(process.wait)
                running.callback(process.terminate)
            yield

    def _do(self, verb: str, told: object) -> None:
        subprocess.run(
            [_PYTHON, "-W", "ignore", "-m", self.project, verb],
            input=json.dumps(told).encode(),
            env=self._environment(),
            cwd=_PROJECTS,
            check=True,
        )

    def _environment(self) -> dict[str, str]:
        ours = connection.settings_dict
        database = {name: ours[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
        database |= {"ENGINE": "django.db.backends.postgresql", "NAME": self.project}
        told = {"PEER_DATABASE": json.dumps(database), "PEER_BROKER": settings.CELERY_BROKER_URL}
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **told}


PEERS = (
    Peer("django-webhook", "by_signal", [(*_CELERY, "--pool=prefork", *_ALONE)]),
    Peer("django-outbound-webhooks", "by_relay", [("-m", "by_relay", "relay")] * 2),
)


def install() -> None:
    """Make the peers' environment hold what its lock names; does nothing when it does."""
    kept = _HOME / "peers.lock"
    if kept.is_file() and kept.read_text() == _LOCK.read_text():
        return
    print("Installing what requirements/peers.txt names ...", flush=True)
    shutil.rmtree(_HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(_HOME)], check=True)
    pip = [_PYTHON, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(_LOCK)], check=True)
    shutil.copy(_LOCK, kept)
