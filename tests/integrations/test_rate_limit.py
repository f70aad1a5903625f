"""Contract section 4: what a client may send in a minute."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings
from structlog.testing import capture_logs

from integrations import rate_limit
from integrations.models import IntegrationClient
from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.api import Answer, Api
from tests.counters import told

HEALTH = "/integration/health"
THERE = django_settings.REDIS_URL


@pytest.fixture
def slow(erp: IntegrationClient) -> Api:
    """A client that may send three requests a minute."""
    IntegrationClient.objects.filter(pk=erp.pk).update(requests_per_minute=3)
    return Api(erp)


@pytest.fixture(autouse=True)
def _early_in_a_window() -> None:
    # A window that ends in the middle of a test would count anew.
    left = 60 - time.time() % 60
    if left < 5:
        time.sleep(left + 0.05)


@pytest.fixture
def no_store(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    yield
    redis_client.cache_clear()


def shown(answer: Answer) -> tuple[int, int]:
    return int(answer.headers["X-RateLimit-Limit"]), int(answer.headers["X-RateLimit-Remaining"])


def spent(client: IntegrationClient, times: int) -> int:
    """How many of so many requests pass."""
    found = [rate_limit.spend(client) for _ in range(times)]
    return sum(one is not None and one.remaining >= 0 for one in found)


def test_answers_say_what_is_left_and_when_all_is_there_again(slow: Api) -> None:
    now = time.time()
    answers = [slow.get(HEALTH) for _ in range(3)]

    assert [shown(answer) for answer in answers] == [(3, 2), (3, 1), (3, 0)]
    [end] = {int(answer.headers["X-RateLimit-Reset"]) for answer in answers}
    assert end % 60 == 0
    assert now < end <= now + 60


def test_one_too_many_is_refused_with_the_time_to_wait(slow: Api) -> None:
    answers = [slow.get(HEALTH) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    error = answers[3].json()["error"]
    assert (error["code"], error["message"]) == (
        "rate_limited",
        "This integration client may send 3 requests a minute.",
    )
    assert answers[3].headers["Retry-After"] == str(error["retryAfterSeconds"])
    assert 1 <= error["retryAfterSeconds"] <= 60
    assert shown(answers[3]) == (3, 0)


def test_a_thousand_are_what_a_client_may_send_by_default(api: Api) -> None:
    assert shown(api.get(HEALTH)) == (1000, 999)


def test_a_new_window_begins_with_nothing_spent(slow: Api, settings: Settings) -> None:
    settings.RATE_LIMIT_WINDOW_SECONDS = 2
    time.sleep(2 - time.time() % 2 + 0.02)
    answers = [slow.get(HEALTH) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    wait = float(answers[3].headers["X-RateLimit-Reset"]) - time.time()
    assert wait <= int(answers[3].headers["Retry-After"]) <= 2
    time.sleep(max(0.0, wait) + 0.02)

    again = slow.get(HEALTH)

    assert (again.status_code, shown(again)) == (200, (3, 2))
    assert again.headers["X-RateLimit-Reset"] == str(int(answers[3].headers["X-RateLimit-Reset"]) + 2)


def test_each_client_has_its_own_window_and_its_keys_share_it(slow: Api, tenant: Tenant) -> None:
    other, second_key = Api(factories.client(tenant)), Api(slow.client)
    assert [one.get(HEALTH).status_code for one in (slow, second_key, slow, second_key)] == [200] * 3 + [429]

    assert other.get(HEALTH).status_code == 200


def test_a_limit_that_is_raised_holds_at_once(slow: Api) -> None:
    assert [slow.get(HEALTH).status_code for _ in range(4)] == [200, 200, 200, 429]
    IntegrationClient.objects.filter(pk=slow.client.pk).update(requests_per_minute=10)

    assert shown(slow.get(HEALTH)) == (10, 5)


def test_refused_requests_count_too_and_carry_the_headers(slow: Api) -> None:
    missing = slow.get("/import-jobs/1")
    wrong = slow.post("/inbound/targets", b"{")
    other = slow.post(HEALTH, {})

    assert [(one.status_code, shown(one)) for one in (missing, wrong, other)] == [
        (404, (3, 2)),
        (400, (3, 1)),
        (405, (3, 0)),
    ]
    assert slow.post("/inbound/targets", b"{").status_code == 429


def test_who_is_not_let_in_spends_nothing(slow: Api) -> None:
    IntegrationClient.objects.filter(pk=slow.client.pk).update(ip_allowlist=["203.0.113.0/24"])
    refused = [slow.get(HEALTH) for _ in range(4)]
    IntegrationClient.objects.filter(pk=slow.client.pk).update(ip_allowlist=[])

    assert {answer.json()["error"]["code"] for answer in refused} == {"ip_not_allowed"}
    assert "X-RateLimit-Limit" not in refused[0].headers
    assert shown(slow.get(HEALTH)) == (3, 2)


def test_the_rate_is_checked_before_the_scope_and_before_a_replay(slow: Api) -> None:
    first = slow.post("/inbound/targets", {"externalId": "A", "title": "T"}, idempotency_key="k")
    again = slow.post("/inbound/targets", {"externalId": "A", "title": "T"}, idempotency_key="k")
    assert (again.headers["Idempotent-Replayed"], shown(again)) == ("true", (3, 1))
    assert first.json() == again.json()
    slow.get(HEALTH)
    replayed = slow.post("/inbound/targets", {"externalId": "A", "title": "T"}, idempotency_key="k")
    IntegrationClient.objects.filter(pk=slow.client.pk).update(scopes=[])

    assert replayed.status_code == 429
    assert "Idempotent-Replayed" not in replayed.headers
    assert slow.get(HEALTH).json()["error"]["code"] == "rate_limited"


def test_many_at_once_get_exactly_as_many_as_there_are(erp: IntegrationClient) -> None:
    erp.requests_per_minute = 100
    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(lambda _: spent(erp, 25), range(8)))

    assert passed == 100


def test_processes_with_connections_of_their_own_count_together(erp: IntegrationClient) -> None:
    erp.requests_per_minute = 10
    assert spent(erp, 6) == 6
    # What a second web process is to the store.
    redis_client.cache_clear()

    assert spent(erp, 6) == 4


def test_a_store_that_was_started_anew_learns_the_script_again(erp: IntegrationClient) -> None:
    assert spent(erp, 1) == 1
    redis_client().script_flush()

    assert spent(erp, 1) == 1


def test_the_count_goes_by_itself(erp: IntegrationClient) -> None:
    spent(erp, 1)

    assert 0 < redis_client().ttl(f"ordinavo:rate:{erp.pk}") <= 60


def test_while_the_store_is_away_all_pass_and_the_log_says_so_once_a_while(no_store: None, slow: Api) -> None:
    uncounted = told("ordinavo_limiter_unavailable_total", limiter="requests")
    with capture_logs() as lines:
        answers = [slow.get(HEALTH) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 6
    assert told("ordinavo_limiter_unavailable_total", limiter="requests") == uncounted + 6
    assert "X-RateLimit-Limit" not in answers[0].headers
    [line] = [line for line in lines if line["event"] == "rate_limit_unavailable"]
    assert (line["log_level"], line["reason"]) == ("warning", "ConnectionError")


def test_a_store_that_is_back_is_asked_again(no_store: None, slow: Api, settings: Settings) -> None:
    settings.RATE_LIMIT_OUTAGE_SECONDS = 0.0
    slow.get(HEALTH)
    settings.REDIS_URL = THERE
    redis_client.cache_clear()

    assert shown(slow.get(HEALTH)) == (3, 2)


def test_what_is_refused_is_counted(slow: Api) -> None:
    before = told("ordinavo_limited_total", limit="requests")
    assert [slow.get(HEALTH).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert told("ordinavo_limited_total", limit="requests") == before + 2


def test_public_pages_know_no_limit(api: Api) -> None:
    for path in ("/openapi.json", "/docs"):
        assert "X-RateLimit-Limit" not in api.get(path).headers
