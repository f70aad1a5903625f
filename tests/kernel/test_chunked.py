from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest

from ordinavo.kernel.chunked import with_measured_bodies
from ordinavo.kernel.json_door import LARGEST_LIMIT


class _Endless:
    """A body that never ends; remembers how much was asked of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"x" * size


def _seen_by_the_application(environ: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def application(inner: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(inner)
        if "HTTP_TRANSFER_ENCODING" in inner:
            seen["body"] = inner["wsgi.input"].read()
        return []

    with_measured_bodies(application)(environ, lambda *_: None)
    return seen


@pytest.mark.parametrize("coding", ["chunked", "Chunked", "gzip, chunked"])
def test_a_chunked_body_gets_the_length_it_has(coding: str) -> None:
    environ = {"HTTP_TRANSFER_ENCODING": coding, "wsgi.input": BytesIO(b'{"a": 1}')}
    seen = _seen_by_the_application(environ)
    assert seen["CONTENT_LENGTH"] == "8"
    assert seen["body"] == b'{"a": 1}'
    assert seen["wsgi.input"].closed


def test_an_empty_chunked_body_has_length_zero() -> None:
    seen = _seen_by_the_application({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO()})
    assert seen["CONTENT_LENGTH"] == "0"
    assert seen["body"] == b""


def test_reading_stops_one_byte_past_the_largest_limit() -> None:
    body = _Endless()
    seen = _seen_by_the_application({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body})
    assert seen["CONTENT_LENGTH"] == str(LARGEST_LIMIT + 1)
    assert body.given == LARGEST_LIMIT + 1
    assert seen["wsgi.input"].closed


def test_a_body_with_a_length_is_left_alone() -> None:
    body = BytesIO(b"{}")
    seen = _seen_by_the_application({"CONTENT_LENGTH": "2", "wsgi.input": body})
    assert seen["wsgi.input"] is body
    assert body.tell() == 0
