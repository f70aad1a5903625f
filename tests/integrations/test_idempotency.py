from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.idempotency import request_digest
from integrations.models import IdempotencyRecord
from integrations.scopes import Scope
from ordinavo.kernel import crypto
from ordinavo.tenants.models import AuditEntry
from tests import factories
from tests.api import BASE, Answer, Api

pytestmark = pytest.mark.urls("tests.probe")


def _post(api: Api, key: str = "k-1", path: str = "/notes", **body: Any) -> Answer:
    return api.post(path, {"key": "crm", **body}, Idempotency_Key=key)


def _made(key: str = "crm") -> int:
    return AuditEntry.objects.filter(action=key).count()


def _code(answer: Answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(api: Api) -> None:
    first, again = _post(api), _post(api)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["X-Correlation-Id"] != first.headers["X-Correlation-Id"]
    assert _made() == 1


def test_without_the_header_everything_is_done_each_time(api: Api) -> None:
    assert api.post("/notes", {"key": "crm"}).status_code == 201
    assert api.post("/notes", {"key": "crm"}).status_code == 201
    assert _made() == 2
    assert not IdempotencyRecord.objects.exists()


def test_another_request_under_the_same_key_is_a_conflict(api: Api) -> None:
    _post(api)
    assert _code(_post(api, key="k-1", more=1)) == (409, "idempotency_conflict")
    assert _code(_post(api, path="/notes?validateOnly=true")) == (409, "idempotency_conflict")
    assert _post(api).status_code == 201


def test_white_space_and_the_order_of_members_do_not_matter(api: Api) -> None:
    first = api.post("/notes?a=1&b=2", b'{"key":"crm","x":[1,2.50]}', Idempotency_Key="k")
    again = api.post("/notes?b=2&a=1", b' { "x" : [1, 2.5e0],\n"key":"\\u0063rm" } ', Idempotency_Key="k")
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_order_of_list_members_matters() -> None:
    assert request_digest("", [1, 2]) != request_digest("", [2, 1])
    assert request_digest("", {"a": 1}) != request_digest("", {"a": "1"})
    assert request_digest("a=1&a=2", {}) != request_digest("a=1", {})
    assert request_digest("a=", {}) != request_digest("", {})


def test_keys_are_told_apart_by_client_method_and_path(api: Api) -> None:
    other = Api(factories.client(api.client.tenant))
    assert _post(api).status_code == 201
    assert "Idempotent-Replayed" not in _post(other).headers
    patched = api.http.patch(
        f"{BASE}/notes",
        b'{"key":"crm"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.secret}", "Idempotency-Key": "k-1"},
    )
    assert patched.status_code == 200
    assert "Idempotent-Replayed" not in patched.headers
    assert IdempotencyRecord.objects.count() == 3


def test_a_second_key_of_the_same_client_gets_the_replay(api: Api) -> None:
    first = _post(api)
    assert _post(Api(api.client)).content == first.content


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb", "a\x7f", "a\0", "日"])
def test_a_key_that_is_not_printable_ascii_is_refused(api: Api, key: str) -> None:
    answer = _post(api, key=key)
    assert _code(answer) == (400, "invalid_idempotency_key")
    assert answer.json()["error"]["details"] == [
        {
            "path": "header.Idempotency-Key",
            "code": "invalid_idempotency_key",
            "message": "Must be 1 to 255 printable ASCII characters.",
        }
    ]
    assert _made() == 0


@pytest.mark.parametrize("key", ["x", "x" * 255, "a b", "~!\"'"])
def test_a_key_of_printable_ascii_is_good(api: Api, key: str) -> None:
    assert _post(api, key=key).status_code == 201
    assert _post(api, key=key).headers["Idempotent-Replayed"] == "true"


def test_a_refusal_that_is_answered_keeps_what_was_written_and_frees_the_key(api: Api) -> None:
    assert _post(api, then="refuse").status_code == 422
    assert _made() == 1
    assert not IdempotencyRecord.objects.exists()
    assert _post(api, key="second").status_code == 201


def test_an_error_that_is_raised_undoes_all_and_frees_the_key(api: Api) -> None:
    assert _code(_post(api, then="raise")) == (409, "conflict")
    assert _code(_post(api, then="fail")) == (500, "internal_error")
    assert _made() == 0
    assert _post(api).status_code == 201


def test_an_answer_without_a_body_is_given_again_without_one(api: Api) -> None:
    first, again = _post(api, then="nothing"), _post(api, then="nothing")
    assert (first.status_code, again.status_code) == (204, 204)
    assert again.content == b""
    assert "Content-Type" not in again.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_an_answer_past_its_time_does_not_count_and_is_replaced(api: Api) -> None:
    _post(api)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=48, seconds=1))
    second = _post(api)
    assert second.status_code == 201
    assert "Idempotent-Replayed" not in second.headers
    assert _post(api).content == second.content
    assert IdempotencyRecord.objects.count() == 1


def test_an_answer_within_its_time_counts(api: Api) -> None:
    _post(api)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=47, minutes=59))
    assert _post(api).headers["Idempotent-Replayed"] == "true"


def test_the_answer_is_stored_encrypted(api: Api) -> None:
    first = _post(api)
    stored = bytes(IdempotencyRecord.objects.get().answer)
    assert b"crm" not in stored
    assert crypto.decrypt(stored) == first.headers["Location"].encode() + b"\n" + first.content


def test_scopes_are_judged_before_a_replay(api: Api) -> None:
    _post(api)
    api.client.scopes = []
    api.client.save()
    assert _code(_post(api)) == (403, "missing_scope")


def test_scopes_that_the_body_asks_for_are_judged_before_a_replay(api: Api) -> None:
    assert _post(api, needs=Scope.CUSTOMERS_MAP).status_code == 201
    api.client.scopes = [Scope.TARGETS_WRITE]
    api.client.save()
    answer = _post(api, needs=Scope.CUSTOMERS_MAP)
    assert (answer.status_code, answer.json()["error"]["requiredScope"]) == (403, "customers.map")


def test_the_client_is_judged_before_a_replay(api: Api) -> None:
    _post(api)
    api.client.active = False
    api.client.save()
    assert _code(_post(api)) == (403, "client_disabled")


def test_bad_json_is_refused_and_frees_the_key(api: Api) -> None:
    assert _code(api.post("/notes", b"{", Idempotency_Key="k-1")) == (400, "invalid_json")
    assert _post(api).status_code == 201


def _statements(api: Api, **headers: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        api.post("/notes", {"key": "crm"}, **headers)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)


def test_idempotency_adds_three_statements_and_a_replay_needs_two(api: Api) -> None:
    api.get("/integration/health")
    bare = _statements(api)
    assert _statements(api, Idempotency_Key="k") == bare + 3
    assert _statements(api, Idempotency_Key="k") == 1 + 2
