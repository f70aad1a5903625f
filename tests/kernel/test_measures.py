"""What processes count: kept apart by server, put together over its processes, begun anew with each start."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from ordinavo.kernel.measures import counted, forget, note_request

_COUNT = """
import sys
from multiprocessing import get_context
from prometheus_client import Counter
from ordinavo.kernel.measures import count_into, forget

counter = Counter("eggs", "Eggs laid.", ("colour",))

def lay(number):
    counter.labels("white").inc(number)

directory, server, *numbers = sys.argv[1:]
forget(directory, server)
count_into(directory, server)
fork = get_context("fork")
hens = [fork.Process(target=lay, args=(int(number),)) for number in numbers]
for hen in hens:
    hen.start()
for hen in hens:
    hen.join()
"""


def _count(directory: Path, server: str, *numbers: int) -> None:
    command = [sys.executable, "-c", _COUNT, str(directory), server, *map(str, numbers)]
    subprocess.run(command, check=True)


def _eggs(directory: Path) -> dict[str, float]:
    [metric] = counted(str(directory))
    assert {sample.labels["colour"] for sample in metric.samples} == {"white"}
    return {sample.labels["process"]: sample.value for sample in metric.samples}


def test_what_the_processes_of_a_server_count_is_added_up(tmp_path: Path) -> None:
    _count(tmp_path, "web", 1, 2, 4)
    _count(tmp_path, "webhooks@one", 8)
    _count(tmp_path, "webhooks@two", 16)
    assert _eggs(tmp_path) == {"web": 7, "webhooks": 24}


def test_a_server_that_starts_again_counts_anew_and_leaves_the_others_alone(tmp_path: Path) -> None:
    _count(tmp_path, "web", 1, 2, 4)
    _count(tmp_path, "celery@one", 8)
    _count(tmp_path, "web", 3)
    assert _eggs(tmp_path) == {"web": 3, "celery": 8}


def test_where_nobody_counts_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert counted(str(tmp_path / "none")) == []
    forget(str(tmp_path / "none"), "web")
    forget("", "web")


def _requests(route: str, method: str, status: str) -> float:
    labels = {"route": route, "method": method, "status": status}
    return REGISTRY.get_sample_value("ordinavo_http_request_seconds_count", labels) or 0


def test_requests_are_counted_by_route_and_not_by_path() -> None:
    route = "/api/connect/v1/import-jobs/<str:job_id>"
    before = _requests(route, "GET", "4xx")
    Client().get("/api/connect/v1/import-jobs/4711")
    Client().get("/api/connect/v1/import-jobs/4712")
    assert _requests(route, "GET", "4xx") == before + 2


def test_paths_that_lead_nowhere_and_methods_that_nobody_knows_make_no_labels() -> None:
    before = _requests("none", "GET", "4xx"), _requests("none", "other", "2xx")
    Client().get("/api/connect/v1/nothing/4711")
    note_request(RequestFactory().generic("BREW", "/coffee"), HttpResponse(), seconds=0.1)
    assert (_requests("none", "GET", "4xx"), _requests("none", "other", "2xx")) == (
        before[0] + 1,
        before[1] + 1,
    )


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_questions_of_machines_are_not_counted(path: str) -> None:
    counted_before = REGISTRY.get_sample_value("ordinavo_http_request_seconds_count", _labels(path))
    Client().get(path)
    assert REGISTRY.get_sample_value("ordinavo_http_request_seconds_count", _labels(path)) == counted_before


def _labels(path: str) -> dict[str, str]:
    return {"route": path, "method": "GET", "status": "2xx"}
