"""What processes count, and putting it together for whoever asks.

Every server of a machine (the web server, each worker) has a folder of its own in METRICS_DIR, named after it
and emptied when it starts; each of its processes writes files there. Elsewhere, and without METRICS_TOKEN,
all is counted in memory and nobody reads it.

Labels are few and known before: no tenant, no client, no id.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram, values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.samples import Sample

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Histogram(
    "ordinavo_http_request_seconds",
    "Requests by route, method and class of the answer's status, and how long they took.",
    ("route", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def note_request(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """Count an answered request; a path that leads nowhere, or to a static file, is no route."""
    match = request.resolver_match
    method = request.method if request.method in _METHODS else "other"
    status = f"{response.status_code // 100}xx"
    REQUESTS.labels(f"/{match.route}" if match else "none", method, status).observe(seconds)


def count_into(directory: str, server: str) -> None:
    """Let this process, and those that will come of it, count into the folder of their server from now on."""
    if not directory:
        return
    folder = Path(directory, server)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    # The library looks once, when it is loaded: by then only its servers know who they are.
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def forget(directory: str, server: str) -> None:
    """Drop what a server of this name counted before: it starts anew."""
    if directory:
        shutil.rmtree(Path(directory, server), ignore_errors=True)


def counted(directory: str) -> list[Metric]:
    """Return what all servers of this machine have counted, each with the label `process`.

    They are kept apart, so that one that starts again is seen as what it is: a counter that begins anew.
    """
    metrics: dict[str, Metric] = {}
    for process, files in _files(directory):
        for metric in _merged(files):
            known = metrics.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
            known.samples += [_labelled(sample, process) for sample in metric.samples]
    return list(metrics.values())


def _files(directory: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the files of each kind of server: `webhooks@one` and `webhooks@two` are one kind."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for file in sorted(Path(directory).glob("*/*.db")):
        kinds[file.parent.name.partition("@")[0]].append(str(file))
    yield from kinds.items()


def _merged(files: list[str]) -> Iterable[Metric]:
    try:
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        # It is just starting again, and has nothing to tell yet.
        return ()
    return merged


def _labelled(sample: Sample, process: str) -> Sample:
    return sample._replace(labels={**sample.labels, "process": process})
