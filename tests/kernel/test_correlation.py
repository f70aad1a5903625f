import re

import pytest
from django.test import Client
from structlog.testing import capture_logs

from ordinavo.kernel.correlation import accepted
from tests.api import BASE, Api

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
SANE = ["a", "7d97b0f5-93a1-4a5e", "x" * 128, "a/b+c=d@e:f._-", "00-4bf92f3577b34da6a3ce929d0e0e4736-01"]
NOT_SANE = ["", "x" * 129, "a b", "a\tb", "é", "日本", "a;b", "<script>", 'a"b', "a\0", "a\x7f", "{}"]


@pytest.mark.parametrize("sent", SANE)
def test_the_callers_own_id_is_kept_on_good_and_bad_answers(api: Api, sent: str) -> None:
    assert api.get("/integration/health", X_Correlation_Id=sent).headers["X-Correlation-Id"] == sent
    bad = Client().get(f"{BASE}/nothing", headers={"X-Correlation-Id": sent})
    assert bad.headers["X-Correlation-Id"] == sent
    assert bad.json()["error"]["correlationId"] == sent


@pytest.mark.parametrize("sent", NOT_SANE)
def test_any_other_id_is_replaced_on_good_and_bad_answers(api: Api, sent: str) -> None:
    assert ULID.fullmatch(api.get("/integration/health", X_Correlation_Id=sent).headers["X-Correlation-Id"])
    bad = Client().get(f"{BASE}/nothing", headers={"X-Correlation-Id": sent})
    assert ULID.fullmatch(bad.headers["X-Correlation-Id"])
    assert bad.json()["error"]["correlationId"] == bad.headers["X-Correlation-Id"]


def test_without_an_id_each_request_gets_a_new_one() -> None:
    assert ULID.fullmatch(accepted(None))
    assert accepted(None) != accepted(None)


def test_the_log_line_of_a_request_has_no_query_string(api: Api) -> None:
    with capture_logs() as lines:
        api.get("/integration/health?name=Erika")
    (line,) = lines
    assert (line["method"], line["path"], line["status"]) == ("GET", f"{BASE}/integration/health", 200)
    assert "Erika" not in repr(line)


def test_health_checks_leave_no_line() -> None:
    with capture_logs() as lines:
        assert Client().get("/healthz").status_code == 200
    assert lines == []
