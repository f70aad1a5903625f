"""What the web server says by itself has the shape of all other refusals."""

import json
import socket

import pytest
from gunicorn import util  # type: ignore[import-untyped]

from ordinavo import gunicorn_conf


@pytest.mark.parametrize(
    ("status", "reason", "message", "code", "sentence"),
    [
        (431, "Too Large", "limit", "bad_request", "The request could not be read: limit."),
        (400, "Bad Request", 'Invalid "Ä"', "bad_request", 'The request could not be read: Invalid "Ä".'),
        (
            500,
            "Internal Server Error",
            "",
            "internal_error",
            "Something went wrong on our side.",
        ),
    ],
)
def test_broken_http_is_refused_in_the_one_shape(
    status: int, reason: str, message: str, code: str, sentence: str
) -> None:
    assert util.write_error is gunicorn_conf._write_error
    ours, theirs = socket.socketpair()
    with ours, theirs:
        util.write_error(ours, status, reason, message)
        ours.shutdown(socket.SHUT_WR)
        head, _, body = theirs.makefile("rb").read().partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    error = json.loads(body)["error"]
    assert lines[0] == f"HTTP/1.1 {status} {reason}"
    assert (error["code"], error["message"]) == (code, sentence)
    assert f"X-Correlation-Id: {error['correlationId']}" in lines
    assert f"Content-Length: {len(body)}" in lines
