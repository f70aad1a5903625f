"""The door as HTTP: methods, paths, content types, headers, bodies without a length."""

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from ordinavo.wsgi import application
from targets.imports.models import ImportJob
from targets.models import Target
from tests.api import BASE, Api
from tests.imports.sending import PATH, assert_error_shape, assert_nothing_stored, payload

BODY = json.dumps(payload()).encode()


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, assert_error_shape(answer)["code"]


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_targets_are_only_posted(api: Api, method: str) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    answer = getattr(api.http, method)(BASE + PATH, headers=headers)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    if method != "head":
        assert assert_error_shape(answer)["code"] == "method_not_allowed"
    assert_nothing_stored()


@pytest.mark.parametrize("path", ["/import-jobs/1", "/import-jobs/1/items", "/target-templates"])
def test_what_is_read_is_not_posted(api: Api, path: str) -> None:
    assert _code(api.post(path, {})) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/inbound/targets/", "/target-templates/", "/import-jobs/1/", "/inbound"])
def test_a_trailing_slash_leads_nowhere(api: Api, path: str) -> None:
    for answer in (api.get(path), api.post(path, payload())):
        assert _code(answer) == (404, "not_found")
    assert_nothing_stored()


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "json",
        "",
    ],
)
def test_another_content_type_is_refused(api: Api, kind: str) -> None:
    assert _code(api.post(PATH, BODY, content_type=kind)) == (415, "unsupported_media_type")
    assert_nothing_stored()


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'],
)
def test_plain_json_is_taken_with_and_without_its_character_set(api: Api, kind: str) -> None:
    assert api.post(PATH, BODY, content_type=kind).status_code == 202


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "deflate", "identity, gzip", "\u00fc"])
def test_a_compressed_body_is_refused(api: Api, coding: str) -> None:
    answer = api.post(PATH, gzip.compress(BODY), Content_Encoding=coding)
    assert _code(answer) == (415, "unsupported_media_type")
    assert_nothing_stored()


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "\u00fc", "application/json;q"])
def test_who_takes_no_json_is_told_in_json(api: Api, accept: str) -> None:
    answer = api.post(PATH, BODY, Accept=accept)
    if accept.startswith("application/json"):
        assert answer.status_code == 202
        return
    assert _code(answer) == (406, "not_acceptable")
    assert_nothing_stored()


ODD = "\u00fcber \u20ac \N{GRINNING FACE}".encode().decode("latin-1")


def test_headers_beyond_ascii_are_refused_or_passed_over(api: Api) -> None:
    assert _code(api.post(PATH, BODY, Idempotency_Key=ODD)) == (400, "invalid_idempotency_key")
    assert _code(api.http.post(BASE + PATH, BODY, "application/json", headers={"Authorization": ODD})) == (
        401,
        "unauthorized",
    )
    assert _code(api.post(PATH, BODY, Host=ODD)) == (400, "bad_request")
    assert_nothing_stored()
    answer = api.post(PATH, BODY, X_Correlation_Id=ODD, User_Agent=ODD, X_Forwarded_For=ODD, Referer=ODD)
    assert answer.status_code == 202
    assert answer.headers["X-Correlation-Id"].isascii()
    assert ImportJob.objects.get().correlation_id == answer.headers["X-Correlation-Id"]


# --- Bodies without a length, through the application that the web server loads ---------


class _Pieces(io.RawIOBase):
    """A body that comes as the network brings it: in pieces, its length unknown."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def _chunked(secret: str, body: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Send to the WSGI application as gunicorn would; status, headers and the body as JSON."""
    seen: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": BASE + PATH,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_TRANSFER_ENCODING": "Chunked",
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
    }
    answer: Any = application(environ, lambda status, headers: seen.extend((status, headers)))
    try:
        raw = b"".join(answer)
    finally:
        answer.close()
    return int(seen[0].split()[0]), dict(seen[1]), json.loads(raw)


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """As in Django's own test client: a request's start and end leave the test's transaction alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
def test_a_chunked_body_without_length_is_read_to_its_end(api: Api) -> None:
    status, headers, answer = _chunked(api.secret, _Pieces(BODY[:7], BODY[7:20], BODY[20:]))
    assert status == 202, answer
    assert headers["Location"] == f"{BASE}/import-jobs/{answer['importJobId']}"
    assert Target.objects.get().external_id == "T-1"


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize(
    ("pieces", "status", "code"),
    [
        ([], 400, "invalid_json"),
        ([b"{", b"}", b"}"], 400, "invalid_json"),
        ([b'{"externalId": "\xff"}'], 400, "invalid_json"),
        ([b'{"externalId": "T-1", "title": "', *[b"x" * 65_536] * 17, b'"}'], 413, "payload_too_large"),
        ([b'{"externalId": "T-1", "title": "', *[b"x" * 1_048_576] * 22, b'"}'], 413, "payload_too_large"),
    ],
    ids=["nothing", "too much", "not UTF-8", "over 1 MiB", "over 20 MiB"],
)
def test_a_bad_chunked_body_is_refused_like_any_other(
    api: Api, pieces: list[bytes], status: int, code: str
) -> None:
    answered, headers, answer = _chunked(api.secret, _Pieces(*pieces))
    assert (answered, answer["error"]["code"]) == (status, code)
    assert answer["error"]["correlationId"] == headers["X-Correlation-Id"]
    assert_nothing_stored()
