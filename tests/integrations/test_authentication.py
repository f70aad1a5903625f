from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from integrations import keys
from integrations.models import IntegrationClient
from tests import factories
from tests.api import BASE, Answer, Api

HEALTH = f"{BASE}/integration/health"
KEY = "fio_live_0123456789ABCDEFGHIJKLMNOPQRST2bC7rv"


def _call(header: str | None, **extra: Any) -> Answer:
    headers = {} if header is None else {"Authorization": header}
    return Client().get(HEALTH, headers=headers, **extra)


def _assert_unauthorized(answer: Answer, message: str) -> None:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json() == {
        "error": {
            "code": "unauthorized",
            "message": message,
            "correlationId": answer.headers["X-Correlation-Id"],
        }
    }


# Tests without the `db` fixture can't reach the database: a query would fail them.


def test_a_call_without_a_header_is_refused_without_a_query() -> None:
    _assert_unauthorized(_call(None), "Send an API key as Authorization: Bearer fio_….")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer  {KEY}",
        f"Bearer\t{KEY}",
        f"Bearer {KEY} ",
        f"Bearer {KEY}, Bearer {KEY}",
        f"Bearer {KEY[:-1]}",
        f"Bearer {KEY}0",
        f"Bearer {KEY[:20]}x{KEY[21:]}",
        f"Bearer {KEY.replace('live', 'test')}",
        f"Bearer {KEY.upper()}",
        f"Basic {KEY}",
        f"Token {KEY}",
        KEY,
        "Bearer fio_live_é0000000000000000000000000000000000000",
        "Bearer \N{FULLWIDTH LATIN SMALL LETTER F}io_live_",
        f"Bearer {KEY}\0",
        "Bearer " + "a" * 8000,
    ],
)
def test_a_header_that_holds_no_key_is_refused_without_a_query(header: str) -> None:
    message = "The Authorization header must be Bearer and an API key; this one is mistyped or cut off."
    _assert_unauthorized(_call(header), message)


def test_an_unknown_key_costs_one_query_and_is_refused(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = _call(f"Bearer {KEY}")
    _assert_unauthorized(answer, "The API key is not known.")


def test_an_expired_key_is_told_so(erp: IntegrationClient) -> None:
    key, secret = factories.key(erp, expires_at=timezone.now())
    _assert_unauthorized(_call(f"Bearer {secret}"), "The API key has expired.")
    key.refresh_from_db()
    assert key.last_used_at is None


def test_a_revoked_key_is_told_so(erp: IntegrationClient) -> None:
    _, secret = factories.key(erp, revoked_at=timezone.now())
    _assert_unauthorized(_call(f"Bearer {secret}"), "The API key has been revoked.")


def test_a_key_works_until_it_expires(erp: IntegrationClient) -> None:
    _, secret = factories.key(erp, expires_at=timezone.now() + timedelta(seconds=30))
    assert _call(f"Bearer {secret}").status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_read_in_any_case(api: Api, scheme: str) -> None:
    assert _call(f"{scheme} {api.secret}").status_code == 200


def test_a_working_key_costs_one_query(api: Api, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    api.get("/integration/health")
    with django_assert_num_queries(1):
        assert api.get("/integration/health").status_code == 200


def test_a_client_that_is_switched_off_is_refused(api: Api) -> None:
    api.client.active = False
    api.client.save()
    answer = api.get("/integration/health")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "client_disabled")
    assert "WWW-Authenticate" not in answer.headers
    api.key.refresh_from_db()
    assert api.key.last_used_at is None


def test_a_key_does_not_work_from_an_address_that_is_not_listed(api: Api) -> None:
    api.client.ip_allowlist = ["203.0.113.0/24", "2001:db8::/32"]
    api.client.save()
    answer = api.get("/integration/health")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "ip_not_allowed")


@pytest.mark.parametrize("address", ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::9"])
def test_a_key_works_from_an_address_that_is_listed(api: Api, address: str) -> None:
    api.client.ip_allowlist = ["203.0.113.0/24", "2001:db8::/32"]
    api.client.save()
    assert _call(f"Bearer {api.secret}", REMOTE_ADDR=address).status_code == 200


def test_a_forged_forwarded_address_opens_no_door(api: Api, settings: Settings) -> None:
    api.client.ip_allowlist = ["203.0.113.0/24"]
    api.client.save()
    assert api.get("/integration/health", X_Forwarded_For="203.0.113.9").status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert api.get("/integration/health", X_Forwarded_For="203.0.113.9").status_code == 200
    assert api.get("/integration/health", X_Forwarded_For="203.0.113.9, 198.51.100.1").status_code == 403


def test_the_last_use_is_noted_with_its_address(api: Api) -> None:
    before = timezone.now()
    _call(f"Bearer {api.secret}", REMOTE_ADDR="::ffff:203.0.113.9")
    api.key.refresh_from_db()
    assert api.key.last_used_at is not None
    assert before <= api.key.last_used_at <= timezone.now()
    assert api.key.last_used_address == "203.0.113.9"


def test_the_last_use_is_noted_without_an_address_if_the_server_knows_none(api: Api) -> None:
    assert _call(f"Bearer {api.secret}", REMOTE_ADDR="").status_code == 200
    api.key.refresh_from_db()
    assert api.key.last_used_at is not None
    assert api.key.last_used_address is None


def test_the_last_use_is_written_once_a_minute(api: Api) -> None:
    api.get("/integration/health")
    api.key.refresh_from_db()
    first = api.key.last_used_at
    assert first is not None
    with CaptureQueriesContext(connection) as queries:
        api.get("/integration/health")
    assert not any("UPDATE" in query["sql"] for query in queries.captured_queries)
    type(api.key).objects.update(last_used_at=first - timedelta(seconds=61))
    api.get("/integration/health")
    api.key.refresh_from_db()
    assert api.key.last_used_at is not None
    assert api.key.last_used_at > first


def test_the_last_use_of_a_request_that_fails_is_kept(api: Api) -> None:
    assert api.post("/integration/health", {}).status_code == 405
    api.key.refresh_from_db()
    assert api.key.last_used_at is not None


def test_the_key_says_whose_tenant_is_meant(api: Api) -> None:
    other = Api(factories.client(factories.tenant(), source="crm"))
    assert api.get("/integration/health").json()["sourceSystem"] == "logistics_erp"
    assert other.get("/integration/health").json()["sourceSystem"] == "crm"


def test_a_key_of_the_test_twin_speaks_for_the_twin(api: Api) -> None:
    twin = factories.twin(api.client.tenant)
    tester = Api(factories.client(twin))
    assert tester.secret.startswith("fio_test_")
    assert tester.get("/integration/health").json()["environment"] == "test"


def test_the_log_names_tenant_and_client_and_never_the_secret(api: Api) -> None:
    with capture_logs() as lines:
        api.get("/integration/health")
    assert get_contextvars()["tenant_id"] == api.client.tenant_id
    assert get_contextvars()["client_id"] == api.client.id
    assert api.secret not in repr(lines)


def test_nothing_in_the_database_holds_the_secret(api: Api) -> None:
    assert bytes(api.key.digest) == keys.digest(api.secret)
    assert api.secret not in repr(api.key.__dict__)
