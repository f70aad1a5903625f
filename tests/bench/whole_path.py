"""The whole path of a batch: the web server takes it, Celery workers work it off."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import median

from django.db.models import Max, Min

from targets.imports.models import ImportJob
from tests.bench.batches import ITEMS, body, items
from tests.bench.figures import Figure
from tests.bench.load import HOST
from tests.bench.memory import memory_of
from tests.bench.server import Server, worker

_BATCH = "/api/connect/v1/inbound/targets/batch"
_ROUNDS = 3
_BATCHES, _SIZE = 8, 5_000


def measure(server: Server) -> Iterator[Figure]:
    """Yield the figures of batches through the API."""
    accepted, completed, memory = [], [], 0.0
    with worker(1) as process:
        _send_and_wait(server, [body(items(100, mark="WARM"))])
        idle = memory_of(process)
        for turn in range(_ROUNDS):
            sent = body(items(ITEMS, mark=f"W{turn}"))
            started = time.perf_counter()
            job = _send(server, sent)
            accepted.append(time.perf_counter() - started)
            _wait([job])
            completed.append(time.perf_counter() - started)
            memory = max(memory, memory_of(process) - idle)
    yield Figure(
        f"202 for 10,000 items, {len(sent) / 1e6:.1f} MB",
        median(accepted),
        "s",
        "≤ 2.5 s",
        median(accepted) <= 2.5,
    )
    yield Figure(
        "from sending to completed, one worker", median(completed), "s", "≤ 8 s", median(completed) <= 8
    )
    yield Figure("memory of the worker above idle", memory, "MiB", "≤ 150 MiB", memory <= 150)
    one, two = _spent(server, workers=1), _spent(server, workers=2)
    yield Figure("two workers against one, 8 of 5,000", one / two, "times", "≥ 1.5 times", one / two >= 1.5)


def _spent(server: Server, *, workers: int) -> float:
    """Return the seconds from the first chunk of eight waiting batches to the end of the last one."""
    bodies = [body(items(_SIZE, mark=f"P{workers}-{number}")) for number in range(_BATCHES)]
    jobs = [_send(server, sent) for sent in bodies]
    with worker(workers):
        _wait(jobs)
    done = ImportJob.objects.filter(pk__in=jobs)
    times = done.aggregate(started=Min("started_at"), finished=Max("finished_at"))
    return float((times["finished"] - times["started"]).total_seconds())


def _send_and_wait(server: Server, bodies: list[bytes]) -> None:
    _wait([_send(server, sent) for sent in bodies])


def _send(server: Server, sent: bytes) -> int:
    connection = HTTPConnection(HOST, server.port, timeout=60)
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    connection.request("POST", _BATCH, sent, headers)
    answer = connection.getresponse()
    said = json.loads(answer.read())
    if answer.status != 202:
        raise RuntimeError(f"The batch was answered with {answer.status}: {said}")
    return int(said["importJobId"])


def _wait(jobs: list[int]) -> None:
    while ImportJob.objects.filter(pk__in=jobs, finished_at=None).exists():
        time.sleep(0.05)
