"""`/metrics`: who may read it, and that it tells what waits, what was heard, and what is away."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from integrations.models import IntegrationClient
from ordinavo.kernel.health import note_beat, note_worker
from ordinavo.kernel.redis import client as redis_client
from tests.api import Api
from tests.imports.batching import accepted, many, work
from tests.webhooks import rows

TOKEN = "a-token-for-prometheus"
ACCEPT = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings, tmp_path: Path) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = TOKEN, str(tmp_path)


@pytest.fixture
def _no_store(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    yield
    redis_client.cache_clear()


def _text(**headers: str) -> str:
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}", **headers})
    assert answer.status_code == 200
    return answer.content.decode()


def _figures() -> dict[str, float]:
    """The samples, by name and the values of their labels."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(_text())
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", TOKEN, f"bearer {TOKEN}", "Bearer ä"])
def test_without_the_right_token_nothing_is_told(sent: str) -> None:
    answer = Client().get("/metrics", headers={"authorization": sent})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.content.decode() == "Send METRICS_TOKEN as Authorization: Bearer …\n"


def test_where_nothing_waits_all_is_nought() -> None:
    note_worker()
    note_beat()
    assert _figures() == {
        "ordinavo_import_oldest_waiting_seconds": 0,
        "ordinavo_import_items_waiting": 0,
        "ordinavo_route_oldest_waiting_seconds": 0,
        "ordinavo_webhook_deliveries_open": 0,
        "ordinavo_webhook_oldest_due_seconds": 0,
        "ordinavo_webhook_circuits_open": 0,
        "ordinavo_reviews_waiting": 0,
        "ordinavo_heard_seconds worker": 0,
        "ordinavo_heard_seconds webhooks": float("inf"),
        "ordinavo_heard_seconds beat": 0,
        "ordinavo_workers": 0,
        **{f"ordinavo_queue_length {name}": 0 for name in ("default", "imports", "webhooks", "routes")},
        **{
            f"ordinavo_queue_oldest_seconds {name}": 0
            for name in ("default", "imports", "webhooks", "routes")
        },
        "ordinavo_source_up database": 1,
        "ordinavo_source_up broker": 1,
    }


def test_what_waits_is_told(api: Api) -> None:
    work(accepted(api, many(2)))
    accepted(api, many(3))
    figures = _figures()
    assert figures["ordinavo_import_items_waiting"] == 3
    assert 0 < figures["ordinavo_import_oldest_waiting_seconds"] < 60


def test_deliveries_and_circuits_are_told(erp: IntegrationClient) -> None:
    now = timezone.now()
    well = rows.subscription(erp)
    rows.delivery(well, rows.event(erp), due_at=now - timedelta(seconds=40))
    rows.delivery(well, rows.event(erp), due_at=None, status="Delivered", finished_at=now)
    failing = rows.subscription(erp, circuit_open_until=now + timedelta(seconds=60), failure_streak=5)
    rows.delivery(failing, rows.event(erp), due_at=now - timedelta(seconds=900), status="Retrying")
    figures = _figures()
    assert figures["ordinavo_webhook_deliveries_open"] == 2
    assert figures["ordinavo_webhook_circuits_open"] == 1
    assert 40 <= figures["ordinavo_webhook_oldest_due_seconds"] < 60


@pytest.mark.usefixtures("_no_store")
def test_a_broker_that_is_away_is_told_and_hides_nothing_else() -> None:
    figures = _figures()
    assert (figures["ordinavo_source_up database"], figures["ordinavo_source_up broker"]) == (1, 0)
    assert figures["ordinavo_import_items_waiting"] == 0
    assert not [name for name in figures if "heard" in name or "queue" in name]


def test_what_processes_counted_is_told_in_either_language(tmp_path: Path) -> None:
    count = (
        "import sys; from prometheus_client import Counter; from ordinavo.kernel.measures import count_into;"
        "count_into(sys.argv[1], 'web');"
        "Counter('ordinavo_eggs', 'Eggs.', ('colour',)).labels('white').inc(2)"
    )
    subprocess.run([sys.executable, "-c", count, str(tmp_path)], check=True)
    line = 'ordinavo_eggs_total{colour="white",process="web"} 2.0'
    assert line in _text().splitlines()
    openly = _text(accept=ACCEPT).splitlines()
    assert (line in openly, openly[-1]) == (True, "# EOF")


def test_asking_costs_seven_queries_whatever_is_stored(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    accepted(api, many(3))
    with django_assert_num_queries(7):
        _text()
