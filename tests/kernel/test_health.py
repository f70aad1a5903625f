import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from ordinavo import media
from ordinavo.kernel.health import (
    WORKER_MARK,
    note_beat,
    note_dispatcher,
    note_worker,
    seconds_since_heard,
)
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
    note_beat()
    well = dict.fromkeys(
        ("database", "migrations", "staticFiles", "broker", "worker", "webhooks", "beat"), "ok"
    )
    assert _ready() == (200, well)


@pytest.mark.django_db
def test_without_a_worker_nothing_is_ready() -> None:
    assert _ready() == (
        503,
        {
            "database": "ok",
            "migrations": "ok",
            "staticFiles": "ok",
            "broker": "ok",
            "worker": "not heard for 45 s",
            "webhooks": "not heard for 45 s",
            "beat": "not heard for 45 s",
        },
    )


@pytest.mark.django_db
def test_without_a_dispatcher_nothing_is_ready() -> None:
    note_worker()
    status, checks = _ready()
    assert (status, checks["worker"], checks["webhooks"]) == (503, "ok", "not heard for 45 s")


@pytest.mark.django_db
def test_a_worker_that_has_been_silent_for_long_is_not_heard() -> None:
    note_worker()
    assert _ready()[1]["worker"] == "ok"
    redis_client().expire(WORKER_MARK, redis_client().ttl(WORKER_MARK) - 46)
    assert _ready()[1]["worker"] == "not heard for 45 s"
    assert 46 <= seconds_since_heard()["worker"] <= 47


def test_who_was_never_heard_is_silent_for_ever() -> None:
    assert seconds_since_heard() == {"worker": math.inf, "webhooks": math.inf, "beat": math.inf}


@pytest.mark.django_db
def test_files_that_were_never_collected_are_told(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = media.storages(from_source=False)
    assert _ready()[1]["staticFiles"] == "run manage.py collectstatic"


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
        {
            "database": "ok",
            "migrations": "ok",
            "staticFiles": "ok",
            "broker": "away",
            "worker": "away",
            "webhooks": "away",
            "beat": "away",
        },
    )


@pytest.mark.usefixtures("_no_store")
def test_beat_goes_on_without_the_broker() -> None:
    note_beat()


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 503)])
def test_a_machine_is_asked_by_its_address_and_without_tls(
    settings: Settings, path: str, status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path, headers={"host": "10.0.0.5:8000"}).status_code == status
    assert Client().get("/admin/", headers={"host": "10.0.0.5:8000"}).status_code == 400


def test_the_head_of_an_answer_comes_alone() -> None:
    answer = Client().head("/healthz")
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "16")
