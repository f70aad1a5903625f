from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from ordinavo.kernel.health import DISPATCHER_MARK, WORKER_MARK, note_dispatcher, note_worker
from ordinavo.kernel.redis import client as redis_client
from ordinavo.kernel.tasks import heartbeat


@pytest.fixture
def _no_store(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    yield
    redis_client.cache_clear()


def _ready() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    assert answer.json()["status"] == ("ok" if answer.status_code == 200 else "unavailable")
    return answer.status_code, answer.json()["checks"]


def test_alive_needs_nothing() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_names_each_thing_that_is_there() -> None:
    heartbeat()
    note_dispatcher()
    well = dict.fromkeys(("database", "migrations", "broker", "worker", "webhooks"), "ok")
    assert _ready() == (200, well)


@pytest.mark.django_db
def test_without_a_worker_nothing_is_ready() -> None:
    assert _ready() == (
        503,
        {
            "database": "ok",
            "migrations": "ok",
            "broker": "ok",
            "worker": "not heard for 45 s",
            "webhooks": "not heard for 45 s",
        },
    )


@pytest.mark.django_db
def test_without_a_dispatcher_nothing_is_ready() -> None:
    note_worker()
    status, checks = _ready()
    assert (status, checks["worker"], checks["webhooks"]) == (503, "ok", "not heard for 45 s")


def test_the_marks_of_workers_fade() -> None:
    note_worker()
    note_dispatcher()
    assert 0 < redis_client().ttl(WORKER_MARK) <= 45
    assert 0 < redis_client().ttl(DISPATCHER_MARK) <= 45


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_told() -> None:
    note_worker()
    with connection.cursor() as cursor:
        newest = "SELECT max(name) FROM django_migrations WHERE app = 'imports'"
        cursor.execute(f"DELETE FROM django_migrations WHERE app = 'imports' AND name = ({newest})")  # noqa: S608
    status, checks = _ready()
    assert status == 503
    assert checks["migrations"] == "1 to apply"


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_store")
def test_without_the_broker_nothing_is_ready() -> None:
    assert _ready() == (
        503,
        {"database": "ok", "migrations": "ok", "broker": "away", "worker": "away", "webhooks": "away"},
    )
