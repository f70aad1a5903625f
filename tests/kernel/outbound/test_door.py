"""What the door makes of answers, good ones and all kinds of bad ones."""

import asyncio
import contextlib
import socket
from pathlib import Path
from time import monotonic

import pytest

from ordinavo.kernel.outbound.door import MOST_READ
from tests.kernel.outbound.doors import BODY, answer_of, opened, post, run
from tests.kernel.outbound.receivers import (
    Request,
    answer,
    receiving,
    repeat,
    say,
    silent,
)

pytestmark = pytest.mark.usefixtures("loopback")
OK = b"HTTP/1.1 200 OK\r\n"


def test_the_bytes_and_headers_arrive_as_given_and_the_answer_comes_back() -> None:
    async def work() -> None:
        async with receiving(answer(201, b"thanks")) as receiver, opened() as door:
            got = await post(door, receiver.url + "?a=%2F&b=%20", **{"webhook-id": "evt_1"})
            assert (got.status, got.error, got.text, got.retry_after) == (201, "", "thanks", None)
            assert 0 <= got.duration_ms < 2000
            (request,) = receiver.requests
            assert request.body == BODY
            lines = request.head.decode().split("\r\n")
            assert lines[0] == "POST /hook?a=%2F&b=%20 HTTP/1.1"
            assert sorted(line.lower() for line in lines[1:] if line) == [
                "accept-encoding: identity",
                "accept: */*",
                f"content-length: {len(BODY)}",
                "content-type: application/json",
                f"host: 127.0.0.1:{receiver.port}",
                "user-agent: ordinavo-connect/1",
                "webhook-id: evt_1",
            ]

    run(work)


def test_one_connection_serves_many_posts() -> None:
    async def work() -> None:
        async with receiving(answer(200)) as receiver, opened() as door:
            for _ in range(20):
                assert (await post(door, receiver.url)).status == 200
            assert (len(receiver.requests), receiver.connections) == (20, 1)

    run(work)


def test_a_kept_connection_that_the_receiver_has_closed_is_no_failure() -> None:
    async def behave(request: Request) -> None:
        await request.send(OK + b"Content-Length: 0\r\n\r\n")
        # No `Connection: close`: the door can't know, and finds out by a second post into the void.
        request.writer.close()

    async def work() -> None:
        async with receiving(behave) as receiver, opened() as door:
            for _ in range(10):
                assert (await post(door, receiver.url)).error == ""
            assert receiver.connections == len(receiver.requests) == 10

    run(work)


def test_a_kept_connection_that_is_cut_under_the_request_is_tried_once_more_on_a_new_one() -> None:
    first: list[Request] = []

    async def behave(request: Request) -> None:
        if first and request.writer is first[0].writer:
            request.writer.transport.abort()
            return
        first.append(request)
        await request.send(OK + b"Content-Length: 0\r\n\r\n")

    async def work() -> None:
        async with receiving(behave) as receiver, opened() as door:
            assert (await post(door, receiver.url)).status == 200
            assert (await post(door, receiver.url)).status == 200
            assert (len(receiver.requests), receiver.connections) == (3, 2)

    run(work)


def test_cookies_are_neither_kept_nor_sent() -> None:
    async def work() -> None:
        async with receiving(answer(200, Set_Cookie="a=b; Path=/")) as receiver, opened() as door:
            for _ in range(2):
                await post(door, receiver.url)
            assert [request.header("Cookie") for request in receiver.requests] == [None, None]

    run(work)


def test_the_environments_proxies_and_passwords_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    async def work() -> None:
        async with receiving(answer(200)) as proxy, receiving(answer(200)) as receiver, opened() as door:
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            await post(door, receiver.url)
            assert (len(receiver.requests), proxy.connections) == (1, 0)
            assert receiver.requests[0].header("Authorization") is None

    run(work)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_told_and_not_followed(status: int) -> None:
    async def work() -> None:
        async with receiving(answer(200)) as inner:
            async with receiving(answer(status, Location=inner.url)) as receiver, opened() as door:
                got = await post(door, receiver.url)
            assert (got.status, got.error) == (status, "redirect")
            assert inner.connections == 0

    run(work)


@pytest.mark.parametrize("status", [200, 204, 299, 400, 404, 410, 429, 500, 503, 599])
def test_every_other_status_is_told_without_an_error(status: int) -> None:
    got = answer_of(answer(status))
    assert (got.status, got.error) == (status, "")


@pytest.mark.parametrize("wish", ["120", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
def test_retry_after_is_told_as_it_was_sent(wish: str) -> None:
    got = answer_of(answer(429, b"slow down", Retry_After=wish))
    assert (got.status, got.retry_after, got.text) == (429, wish, "slow down")


def test_no_more_than_sixteen_kib_are_read_and_nul_and_bad_utf8_are_replaced() -> None:
    got = answer_of(answer(500, b"a\x00b\xffc" + b"x" * 100_000))
    assert (got.status, got.error) == (500, "")
    assert got.text == "a\ufffdb\ufffdc" + "x" * (MOST_READ - 5)


def test_exactly_sixteen_kib_keep_the_connection() -> None:
    async def work() -> None:
        async with receiving(answer(200, b"x" * MOST_READ)) as receiver, opened() as door:
            assert len((await post(door, receiver.url)).text) == MOST_READ
            assert len((await post(door, receiver.url)).text) == MOST_READ
            assert receiver.connections == 1

    run(work)


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = b"\x1f\x8b\x08" + b"\x01" * 50
    got = answer_of(answer(200, bomb, Content_Encoding="gzip"))
    assert (got.status, got.error, got.text) == (200, "", bomb.decode(errors="replace"))


def test_an_answer_without_end_is_taken_for_its_start() -> None:
    begun = monotonic()
    got = answer_of(repeat(OK + b"Content-Length: 9999999999\r\n\r\n", b"x" * 65536))
    assert (got.status, got.error, len(got.text)) == (200, "", MOST_READ)
    got = answer_of(repeat(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b"y" * 16384 + b"\r\n"))
    assert (got.status, got.error, got.text) == (200, "", "y" * MOST_READ)
    assert monotonic() - begun < 1.9


def test_an_answer_until_the_end_of_the_connection_is_whole() -> None:
    got = answer_of(say(OK + b"\r\nthanks", then_close=True))
    assert (got.status, got.error, got.text) == (200, "", "thanks")


def test_a_refused_connection_is_told() -> None:
    with socket.socket() as taken:
        # Bound and not listening: nobody else can take the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        async def work() -> None:
            async with opened() as door:
                got = await post(door, url)
                assert (got.status, got.error, got.text) == (None, "connection_refused", "")

        run(work)


def test_a_connection_that_nobody_takes_is_a_timeout() -> None:
    with socket.socket() as deaf, contextlib.ExitStack() as kept:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # The queue holds one more than it says; what follows gets no answer at all.
        for _ in range(3):
            filler = kept.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())

        async def work() -> None:
            async with opened(timeout=0.4) as door:
                got = await post(door, f"http://127.0.0.1:{deaf.getsockname()[1]}/")
                assert (got.status, got.error) == (None, "timeout")

        run(work)


def test_what_is_no_url_is_an_error_and_no_exception() -> None:
    async def work() -> None:
        async with opened() as door:
            assert (await post(door, "ftp://erp.example.com/")).error == "url_not_allowed"
            assert (await post(door, "https://10.0.0.1/")).error == "address_not_allowed"

    run(work)


def test_many_slow_posts_wait_side_by_side_and_only_for_a_place() -> None:
    async def behave(request: Request) -> None:
        await asyncio.sleep(0.3)
        await request.send(OK + b"Content-Length: 0\r\n\r\n")

    async def work() -> None:
        async with receiving(behave) as receiver, opened(timeout=5.0, most=200) as door:
            begun = monotonic()
            answers = await asyncio.gather(*(post(door, receiver.url) for _ in range(400)))
            spent = monotonic() - begun
            assert {got.status for got in answers} == {200}
            assert 0.6 <= spent < 5.0
            assert receiver.connections == 200

    run(work)


def test_waiting_for_a_place_is_not_part_of_the_time() -> None:
    async def behave(request: Request) -> None:
        await asyncio.sleep(0.3)
        await request.send(OK + b"Content-Length: 0\r\n\r\n")

    async def work() -> None:
        async with receiving(behave) as receiver, opened(timeout=0.5, most=1) as door:
            answers = await asyncio.gather(*(post(door, receiver.url) for _ in range(4)))
            assert [got.error for got in answers] == [""] * 4

    run(work)


def test_a_cancelled_post_leaves_a_usable_door() -> None:
    async def work() -> None:
        async with receiving(silent) as quiet, receiving(answer(200)) as good, opened(most=1) as door:
            task = asyncio.create_task(post(door, quiet.url))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await post(door, good.url)).status == 200

    run(work)


def test_a_door_that_was_closed_opens_again() -> None:
    async def work() -> None:
        async with receiving(answer(200)) as receiver, opened() as door:
            await post(door, receiver.url)
            await door.close()
            assert (await post(door, receiver.url)).status == 200

    run(work)
