"""Real threads with connections and transactions of their own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from integrations.models import IdempotencyRecord
from ordinavo.tenants.models import AuditEntry
from tests import factories
from tests.api import Answer, Api

pytestmark = [pytest.mark.urls("tests.probe"), pytest.mark.django_db(transaction=True)]

CALLERS = 20


def _together(api: Api, bodies: list[dict[str, object]], keys: list[str]) -> list[Answer]:
    start = Barrier(len(bodies), timeout=30)

    def call(body: dict[str, object], key: str) -> Answer:
        try:
            start.wait()
            return api.post("/notes", body, Idempotency_Key=key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(call, bodies, keys))


def _api() -> Api:
    return Api(factories.client(factories.tenant()))


def test_twenty_equal_requests_at_once_do_it_once() -> None:
    api = _api()
    body: dict[str, object] = {"key": "crm", "seconds": 0.2}
    answers = _together(api, [body] * CALLERS, ["k"] * CALLERS)
    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == CALLERS
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    assert len({answer.content for answer in done}) == 1
    for answer in waiting:
        assert answer.json()["error"]["code"] == "idempotency_in_progress"
        assert answer.json()["error"]["retryAfterSeconds"] == 1
        assert answer.headers["Retry-After"] == "1"
    assert AuditEntry.objects.filter(action="crm").count() == 1
    assert IdempotencyRecord.objects.count() == 1
    assert api.post("/notes", body, Idempotency_Key="k").content == done[0].content


def test_after_a_failure_the_next_one_may_try() -> None:
    api = _api()
    assert api.post("/notes", {"key": "crm", "then": "fail"}, Idempotency_Key="k").status_code == 500
    assert api.post("/notes", {"key": "crm"}, Idempotency_Key="k").status_code == 201
    assert AuditEntry.objects.filter(action="crm").count() == 1


def test_different_keys_do_not_wait_for_each_other() -> None:
    bodies: list[dict[str, object]] = [{"key": f"k{n}", "seconds": 0.1} for n in range(8)]
    answers = _together(_api(), bodies, [f"k{n}" for n in range(8)])
    assert Counter(answer.status_code for answer in answers) == {201: 8}


def test_different_requests_at_once_under_one_key_do_one_of_them() -> None:
    bodies: list[dict[str, object]] = [{"key": f"k{n}", "seconds": 0.1} for n in range(8)]
    answers = _together(_api(), bodies, ["k"] * 8)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert IdempotencyRecord.objects.count() == 1
