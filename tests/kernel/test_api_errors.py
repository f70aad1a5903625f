import pytest
from django.test import Client
from structlog.testing import capture_logs

from tests.api import BASE, Answer, Api

pytestmark = pytest.mark.urls("tests.probe")


def _error(answer: Answer) -> tuple[int, str, str]:
    """Check the shape; return status, code and message."""
    error = answer.json()["error"]
    assert answer.headers["Content-Type"] == "application/json"
    assert set(error) >= {"code", "message", "correlationId"}
    assert error["correlationId"] == answer.headers["X-Correlation-Id"]
    return answer.status_code, error["code"], error["message"]


def test_a_path_that_does_not_exist_is_a_404_without_a_key() -> None:
    assert _error(Client().get(f"{BASE}/nothing")) == (404, "not_found", "There is nothing at this path.")
    assert _error(Client().post("/api/")) == (
        404,
        "not_found",
        "There is nothing at this path. Paths of this API have no trailing slash.",
    )


def test_a_trailing_slash_is_a_404_with_a_hint(api: Api) -> None:
    assert _error(api.get("/integration/health/")) == (
        404,
        "not_found",
        "There is nothing at this path. Paths of this API have no trailing slash.",
    )


def test_a_path_outside_of_the_api_gets_a_page() -> None:
    answer = Client().get("/nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert answer.headers["X-Correlation-Id"]


def test_a_wrong_method_is_a_405_that_names_the_right_ones(api: Api) -> None:
    answer = api.post("/integration/health", {})
    message = "This path does not know this method; see the header Allow."
    assert _error(answer) == (405, "method_not_allowed", message)
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/*;q=1", "nonsense", "é"])
def test_a_caller_that_takes_no_json_gets_a_406_in_json(api: Api, accept: str) -> None:
    assert _error(api.get("/integration/health", Accept=accept))[:2] == (406, "not_acceptable")


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "application/json", "application/json; charset=utf-8", "text/html, */*;q=0.1"],
)
def test_a_caller_that_takes_json_among_others_gets_it(api: Api, accept: str) -> None:
    answer = api.get("/integration/health", Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_an_error_of_ours_says_nothing_about_the_inside_and_is_logged(api: Api) -> None:
    with capture_logs() as lines:
        answer = api.get("/faults/other")
    assert _error(answer)[:2] == (500, "internal_error")
    assert b"secret inside" not in answer.content
    assert [line["event"] for line in lines] == ["unforeseen_error", "request"]


def test_a_database_that_is_away_is_a_503_with_a_time_to_come_back(api: Api) -> None:
    answer = api.get("/faults/database")
    assert _error(answer)[:2] == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["error"]["retryAfterSeconds"] == 5
    assert b"10.0.0.1" not in answer.content


def test_what_a_serializer_refuses_is_told_with_paths(api: Api) -> None:
    answer = api.get("/faults/serializer")
    assert _error(answer) == (400, "validation_failed", "One or more fields are invalid.")
    assert answer.json()["error"]["details"] == [
        {
            "path": "lead.name",
            "code": "max_length",
            "message": "Ensure this field has no more than 5 characters.",
        },
        {"path": "people.1.name", "code": "required", "message": "This field is required."},
    ]


def test_nul_in_the_query_string_is_told_with_its_name(api: Api) -> None:
    answer = api.get("/echo?good=1&bad=a%00b")
    assert _error(answer)[:2] == (400, "validation_failed")
    assert answer.json()["error"]["details"] == [
        {"path": "query.bad", "code": "invalid", "message": "NUL is not allowed."}
    ]


@pytest.mark.parametrize("query", ["?a=%ff", "?%00", "?a=%ed%a0%80", "?&&==", "?" + "a=1&" * 2000])
def test_a_query_string_of_any_bytes_is_no_500(api: Api, query: str) -> None:
    assert api.get(f"/echo{query}").status_code in {200, 400}


def test_a_host_that_is_not_ours_is_a_400() -> None:
    answer = Client().get(f"{BASE}/nothing", headers={"Host": "evil.example"})
    assert _error(answer)[:2] == (400, "bad_request")


def test_an_error_leaves_the_callers_transaction_alone(api: Api) -> None:
    assert api.get("/faults/other").status_code == 500
    api.key.refresh_from_db()
    assert api.key.last_used_at is not None


def test_a_host_name_that_nobody_answers_to_is_told() -> None:
    answer = Client().get("/api/connect/v1/integration/health", headers={"host": "elsewhere.example"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "bad_request")
    assert error["message"] == "This server does not answer under the host name of the request."
