"""`/metrics`: what Prometheus reads.

What processes count lies in files of this machine (`kernel.measures`). What waits is looked up when somebody
asks, in database and broker, so each machine tells the same of it.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

import redis
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from ordinavo.kernel import liveness
from ordinavo.kernel.health import seconds_since_heard
from ordinavo.kernel.measures import counted
from targets.imports.selectors.desk import items_waiting, oldest_unfinished, reviews_waiting
from targets.routes.selectors.desk import oldest_unplanned
from webhooks.desk import circuits_open, deliveries_open, overdue_since

# Beyond that only "very many" matters, and counting would take its time.
MOST_COUNTED = 100_000


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever brings the token; without one in the settings there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(
            "Send METRICS_TOKEN as Authorization: Bearer …\n",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": "Bearer"},
        )
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(_Everything()), content_type=content_type)


class _Everything:
    """What the library calls a collector."""

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted, what waits, and which source could not be asked."""
        yield from counted(settings.METRICS_DIR)
        source = GaugeMetricFamily(
            "ordinavo_source_up",
            "Whether this source could be asked what waits.",
            labels=["source"],
        )
        for name, ask in _SOURCES.items():
            answers = _asked(ask)
            source.add_metric([name], 0 if answers is None else 1)
            yield from answers or ()
        yield source


def _asked(ask: Callable[[], Iterable[Metric]]) -> list[Metric] | None:
    try:
        return list(ask())
    except (DatabaseError, redis.RedisError):
        return None


def _stored() -> Iterator[Metric]:
    for name, (text, read) in _WAITING.items():
        yield _gauge(name, text, read())


def _heard() -> Iterator[Metric]:
    yield _gauges(
        "heard_seconds",
        "How long ago a worker, a dispatcher of webhooks and beat were heard.",
        "part",
        seconds_since_heard().items(),
    )
    yield _gauge("workers", "Workers of Celery that live.", len(liveness.workers_heard()))
    queues = liveness.queues(queue.name for queue in settings.CELERY_TASK_QUEUES)
    yield _gauges("queue_length", "Bells in a queue.", "queue", ((one.name, one.length) for one in queues))
    yield _gauges(
        "queue_oldest_seconds",
        "How long the oldest bell of a queue has been waiting.",
        "queue",
        ((one.name, _age(one.oldest_at)) for one in queues),
    )


def _oldest_job() -> float:
    job = oldest_unfinished(None)
    return _age(job.created_at if job else None)


def _oldest_suggestion() -> float:
    suggestion = oldest_unplanned(None)
    return _age(suggestion.created_at if suggestion else None)


def _oldest_due() -> float:
    return _age(overdue_since(None, now=timezone.now()))


_UP_TO = f"up to {MOST_COUNTED:,}"
_WAITING: dict[str, tuple[str, Callable[[], float]]] = {
    "import_oldest_waiting_seconds": ("Age of the oldest unfinished import job.", _oldest_job),
    "import_items_waiting": ("Items of import jobs that are not settled yet.", items_waiting),
    "route_oldest_waiting_seconds": ("Age of the oldest unplanned route suggestion.", _oldest_suggestion),
    "webhook_deliveries_open": (
        f"Deliveries that are not at their end, {_UP_TO}.",
        partial(deliveries_open, most=MOST_COUNTED),
    ),
    "webhook_oldest_due_seconds": ("How long the oldest delivery that could be sent is due.", _oldest_due),
    "webhook_circuits_open": ("Subscriptions left alone since their receivers fail.", circuits_open),
    "reviews_waiting": (
        f"Doubtful records that wait for a manager, {_UP_TO}.",
        partial(reviews_waiting, most=MOST_COUNTED),
    ),
}
_SOURCES: dict[str, Callable[[], Iterable[Metric]]] = {"database": _stored, "broker": _heard}


def _age(since: datetime | None) -> float:
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"ordinavo_{name}", text, value=value)


def _gauges(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    gauge = GaugeMetricFamily(f"ordinavo_{name}", text, labels=[label])
    for word, value in values:
        gauge.add_metric([word], value)
    return gauge
