"""What the door makes of receivers that are slow, broken or hostile."""

import asyncio
import socket
import struct
from pathlib import Path
from time import monotonic

import pytest

from ordinavo.kernel.outbound import faults
from tests.kernel.outbound.doors import answer_of, opened, post, run
from tests.kernel.outbound.receivers import (
    Behaviour,
    Request,
    receiving,
    repeat,
    reset,
    say,
    silent,
    trickle,
)

pytestmark = pytest.mark.usefixtures("loopback")
OK = b"HTTP/1.1 200 OK\r\n"


SLOW = [
    pytest.param(silent, None, "", id="never answers"),
    pytest.param(say(OK), None, "", id="stops within the headers"),
    pytest.param(trickle(OK, pause=0.1), None, "", id="a byte at a time"),
    pytest.param(repeat(OK, b"A: b\r\n", pause=0.1), None, "", id="a header at a time"),
    pytest.param(repeat(OK + b"Content-Length: 90\r\n\r\n", b"x", pause=0.1), 200, "x", id="slow body"),
    pytest.param(repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.1), None, "", id="continue"),
    pytest.param(repeat(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 50), None, "", id="processing without end"),
]


@pytest.mark.parametrize(("behave", "status", "start"), SLOW)
def test_who_is_not_ready_in_time_gets_a_timeout_over_all(
    behave: Behaviour, status: int | None, start: str
) -> None:
    begun = monotonic()
    got = answer_of(behave, timeout=0.5)
    assert (got.status, got.error) == (status, "timeout")
    assert got.text.startswith(start)
    assert 490 <= got.duration_ms < 1500
    assert monotonic() - begun < 4


BROKEN = [
    pytest.param(reset, None, "connection_lost", id="reset"),
    pytest.param(say(b"", then_close=True), None, "connection_lost", id="closes without a word"),
    pytest.param(say(OK, then_close=True), None, "connection_lost", id="closes within the headers"),
    pytest.param(
        say(OK + b"Content-Length: 90\r\n\r\nhalf", then_close=True), 200, "answer_interrupted", id="half"
    ),
    pytest.param(
        say(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", then_close=True),
        200,
        "answer_interrupted",
        id="half a chunk",
    ),
    pytest.param(say(b"SSH-2.0-OpenSSH_9.2\r\n"), None, "invalid_answer", id="ssh"),
    pytest.param(say(b"\x15\x03\x01\x00\x02\x02\x16"), None, "invalid_answer", id="tls on http"),
    pytest.param(say(b"HTTP/1.1 9999 Much\r\n\r\n"), None, "invalid_answer", id="status of four"),
    pytest.param(say(OK + b"Bad Header\r\n\r\n"), None, "invalid_answer", id="no colon"),
    pytest.param(
        say(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"), None, "invalid_answer", id="lengths"
    ),
    pytest.param(say(OK + b"Content-Length: -1\r\n\r\n"), None, "invalid_answer", id="negative length"),
    pytest.param(
        say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), None, "invalid_answer", id="no chunk"
    ),
    pytest.param(repeat(OK, b"A: " + b"b" * 1000 + b"\r\n"), None, "invalid_answer", id="endless headers"),
    pytest.param(repeat(OK + b"A: ", b"b" * 4096), None, "invalid_answer", id="endless header"),
    pytest.param(repeat(b"HTTP/1.1 200 ", b"O" * 4096), None, "invalid_answer", id="endless first line"),
]


@pytest.mark.parametrize(("behave", "status", "error"), BROKEN)
def test_a_broken_answer_has_its_own_name(behave: Behaviour, status: int | None, error: str) -> None:
    begun = monotonic()
    got = answer_of(behave)
    assert (got.status, got.error) == (status, error)
    assert monotonic() - begun < 1.9


def test_nothing_stays_open_after_the_worst() -> None:
    def files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def work() -> None:
        async with receiving(silent) as quiet, receiving(reset) as cut, opened(timeout=0.2) as door:
            before = files()
            await asyncio.gather(*(post(door, one.url) for one in (quiet, cut) for _ in range(30)))
            await asyncio.sleep(0.1)
            assert files() - before <= 30, "the receiver's own half of the silent ones"

    run(work)


def test_every_code_has_a_sentence() -> None:
    codes = {value for name, value in vars(faults).items() if name.isupper() and isinstance(value, str)}
    assert codes == set(faults.SENTENCES)


def test_a_reset_in_the_middle_of_the_answer_is_an_interruption() -> None:
    async def behave(request: Request) -> None:
        await request.send(OK + b"Content-Length: 90\r\n\r\nhalf")
        await asyncio.sleep(0.1)
        raw = request.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.writer.transport.abort()

    got = answer_of(behave)
    assert (got.status, got.error, got.text) == (200, "answer_interrupted", "half")
