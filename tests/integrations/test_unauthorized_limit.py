from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings
from structlog.testing import capture_logs

from ordinavo.kernel.redis import client as redis_client
from tests.api import BASE, Answer, Api
from tests.counters import told

HEALTH = f"{BASE}/integration/health"


def _refused(address: str = "203.0.113.9", **headers: str) -> Answer:
    return Client().get(HEALTH, headers=headers, REMOTE_ADDR=address)


@pytest.fixture
def _no_store(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    yield
    redis_client.cache_clear()


def test_sixty_401s_a_minute_are_told_and_more_are_429s() -> None:
    assert [_refused().status_code for _ in range(60)] == [401] * 60
    answer = _refused()
    wait = answer.json()["error"]["retryAfterSeconds"]
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")
    assert 1 <= wait <= 60
    assert answer.headers["Retry-After"] == str(wait)
    assert "WWW-Authenticate" not in answer.headers


def test_each_address_has_its_own_limit(settings: Settings) -> None:
    settings.UNAUTHORIZED_PER_MINUTE = 1
    assert [_refused("203.0.113.9").status_code for _ in range(2)] == [401, 429]
    assert _refused("2001:db8::1").status_code == 401
    assert _refused("::ffff:203.0.113.9").status_code == 429


def test_a_new_header_gives_no_new_limit(settings: Settings) -> None:
    settings.UNAUTHORIZED_PER_MINUTE = 1
    assert _refused(X_Forwarded_For="198.51.100.1").status_code == 401
    assert _refused(X_Forwarded_For="198.51.100.2").status_code == 429


def test_a_working_key_is_not_locked_out_by_others_at_its_address(api: Api, settings: Settings) -> None:
    settings.UNAUTHORIZED_PER_MINUTE = 1
    assert [_refused("127.0.0.1").status_code for _ in range(3)] == [401, 429, 429]
    assert api.get("/integration/health").status_code == 200


def test_good_requests_and_403s_are_not_counted(api: Api, settings: Settings) -> None:
    settings.UNAUTHORIZED_PER_MINUTE = 1
    for active in (True, False):
        api.client.active = active
        api.client.save()
        assert api.get("/integration/health").status_code == (200 if active else 403)
    assert _refused("127.0.0.1").status_code == 401


def test_the_counter_goes_by_itself() -> None:
    _refused()
    (name,) = redis_client().keys("ordinavo:401:*")
    assert 60 < redis_client().ttl(name) <= 120


@pytest.mark.usefixtures("_no_store")
def test_without_the_store_refusals_pass_and_the_log_says_so() -> None:
    uncounted = told("ordinavo_limiter_unavailable_total", limiter="unauthorized")
    with capture_logs() as lines:
        assert _refused().status_code == 401
    assert told("ordinavo_limiter_unavailable_total", limiter="unauthorized") == uncounted + 1
    assert [line["event"] for line in lines] == ["unauthorized_limit_unavailable", "request"]


@pytest.mark.usefixtures("_no_store")
def test_without_the_store_a_working_key_works(api: Api) -> None:
    assert api.get("/integration/health").status_code == 200
