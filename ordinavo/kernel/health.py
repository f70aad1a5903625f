"""`/healthz`: this process answers. `/readyz`: all that it needs is there, each thing named."""

import time
from collections.abc import Callable
from functools import partial

import redis
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from ordinavo.kernel.redis import client

WORKER_MARK = "ordinavo:worker:heard"
DISPATCHER_MARK = "ordinavo:dispatcher:heard"
WORKER_SILENCE_SECONDS = 45


def note_worker() -> None:
    """Leave the mark that a worker is working; it fades by itself."""
    client().set(WORKER_MARK, int(time.time()), ex=WORKER_SILENCE_SECONDS)


def note_dispatcher() -> None:
    """Leave the mark that webhooks are being delivered, or would be if there were any."""
    client().set(DISPATCHER_MARK, int(time.time()), ex=WORKER_SILENCE_SECONDS)


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


def _heard(mark: str) -> str:
    return "ok" if client().exists(mark) else f"not heard for {WORKER_SILENCE_SECONDS} s"


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": partial(_heard, WORKER_MARK),
    "webhooks": partial(_heard, DISPATCHER_MARK),
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
