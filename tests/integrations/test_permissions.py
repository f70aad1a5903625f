import pytest
from django.test import Client

from integrations.scopes import Scope
from tests.api import BASE, Api

pytestmark = pytest.mark.urls("tests.probe")


def _with_scopes(api: Api, *scopes: Scope) -> Api:
    api.client.scopes = [scope.value for scope in scopes]
    api.client.save()
    return api


def test_a_missing_scope_is_named(api: Api) -> None:
    answer = _with_scopes(api).get("/integration/health")
    assert answer.status_code == 403
    assert answer.json() == {
        "error": {
            "code": "missing_scope",
            "message": "This needs the scope integration.health.read.",
            "correlationId": answer.headers["X-Correlation-Id"],
            "requiredScope": "integration.health.read",
        }
    }


def test_head_needs_the_scope_of_get(api: Api) -> None:
    path = f"{BASE}/integration/health"
    headers = {"Authorization": f"Bearer {api.secret}"}
    assert api.http.head(path, headers=headers).status_code == 200
    _with_scopes(api)
    assert api.http.head(path, headers=headers).status_code == 403


@pytest.mark.parametrize("scope", [Scope.TARGETS_WRITE, Scope.TARGETS_BATCH_WRITE])
def test_any_of_several_scopes_is_enough(api: Api, scope: Scope) -> None:
    assert _with_scopes(api, scope).post("/echo", {"a": 1}).json() == {"a": 1}


def test_of_several_scopes_the_first_is_named(api: Api) -> None:
    answer = _with_scopes(api, Scope.TARGETS_READ).post("/echo", {})
    assert (answer.status_code, answer.json()["error"]["requiredScope"]) == (403, "inbound.targets.write")


def test_the_scope_is_judged_before_the_body(api: Api) -> None:
    assert _with_scopes(api).post("/echo", b"not json").status_code == 403


def test_each_method_has_its_own_scope(api: Api) -> None:
    _with_scopes(api, Scope.TARGETS_READ)
    assert api.get("/echo").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_method_that_does_not_exist_is_a_405_for_whoever_has_a_key(api: Api, method: str) -> None:
    _with_scopes(api)
    answer = api.http.generic(method, f"{BASE}/echo", headers={"Authorization": f"Bearer {api.secret}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST, HEAD"


def test_a_method_that_does_not_exist_is_a_401_without_a_key() -> None:
    assert Client().put(f"{BASE}/echo").status_code == 401
