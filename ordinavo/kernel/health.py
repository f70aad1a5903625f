"""`/healthz`: this process answers. `/readyz`: all that it needs is there, each thing named."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import redis
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from ordinavo.kernel.redis import client

WORKER_MARK = "ordinavo:worker:heard"
DISPATCHER_MARK = "ordinavo:dispatcher:heard"
BEAT_MARK = "ordinavo:beat:heard"
SILENCE_SECONDS = 45
# How old a mark is, its time to live says: by the clock of the store, whoever left it and whoever asks.
_MARK_SECONDS = 7 * 24 * 3600


def note_worker() -> None:
    """Leave the mark that a worker is working."""
    _note(WORKER_MARK)


def note_dispatcher() -> None:
    """Leave the mark that webhooks are being delivered, or would be if there were any."""
    _note(DISPATCHER_MARK)


def note_beat() -> None:
    """Leave the mark that beat is sending its bells; a broker that is away is no fault of its."""
    with suppress(redis.RedisError):
        _note(BEAT_MARK)


def seconds_since_heard() -> dict[str, float]:
    """Return how long ago worker, dispatcher and beat were heard, infinity for never (or a week); raises
    `redis.RedisError` where the broker is away."""
    return {part: _age(mark) for part, mark in _MARKS.items()}


def _note(mark: str) -> None:
    client().set(mark, int(time.time()), ex=_MARK_SECONDS)


def _age(mark: str) -> float:
    left = client().ttl(mark)
    return _MARK_SECONDS - left if left >= 0 else math.inf


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} to apply" if missing else "ok"


def _broker() -> str:
    return "ok" if client().ping() else "no answer"


def _static_files() -> str:
    # Only names that change are looked up; where they do not, files come straight from the source.
    known: Any = getattr(staticfiles_storage, "hashed_files", None)
    return "run manage.py collectstatic" if known == {} else "ok"


def _heard(mark: str) -> str:
    return "ok" if _age(mark) <= SILENCE_SECONDS else f"not heard for {SILENCE_SECONDS} s"


_MARKS = {"worker": WORKER_MARK, "webhooks": DISPATCHER_MARK, "beat": BEAT_MARK}
_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "staticFiles": _static_files,
    "broker": _broker,
    **{part: partial(_heard, mark) for part, mark in _MARKS.items()},
}


def _judge(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, redis.RedisError):
        return "away"


def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 if every check is `ok`, else 503 with what is missing."""
    checks = {name: _judge(check) for name, check in _CHECKS.items()}
    good = set(checks.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if good else "unavailable", "checks": checks}, status=200 if good else 503
    )
