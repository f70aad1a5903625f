"""Certificates are checked; what is wrong with one is a name of its own."""

import asyncio
import ssl
from pathlib import Path

import pytest

from tests.kernel.outbound.certificates import Authority
from tests.kernel.outbound.doors import opened, post, run
from tests.kernel.outbound.receivers import answer, receiving

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def _result(server: ssl.SSLContext, client: ssl.SSLContext | None) -> tuple[int | None, str, int]:
    got: list[tuple[int | None, str, int]] = []

    async def work() -> None:
        async with receiving(answer(200), tls=server) as receiver, opened(tls=client) as door:
            one = await post(door, f"https://127.0.0.1:{receiver.port}/")
            got.append((one.status, one.error, len(receiver.requests)))

    run(work)
    return got[0]


def test_a_certificate_of_a_trusted_authority_is_accepted(authority: Authority) -> None:
    assert _result(authority.server("127.0.0.1"), authority.client()) == (200, "", 1)


def test_an_authority_that_the_system_does_not_know_is_refused(authority: Authority) -> None:
    assert _result(authority.server("127.0.0.1"), None) == (None, "tls_error", 0)


def test_a_certificate_that_signed_itself_is_refused(authority: Authority) -> None:
    server = authority.server("127.0.0.1", self_signed=True)
    assert _result(server, authority.client()) == (None, "tls_error", 0)


def test_a_certificate_that_has_run_out_is_refused(authority: Authority) -> None:
    assert _result(authority.server("127.0.0.1", days=-1), authority.client()) == (None, "tls_error", 0)


def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    assert _result(authority.server("hooks.example"), authority.client()) == (None, "tls_error", 0)


def test_a_receiver_that_speaks_no_tls_is_refused(authority: Authority) -> None:
    async def work() -> None:
        async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(hello, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with opened(tls=authority.client()) as door:
            got = await post(door, f"https://127.0.0.1:{port}/")
        server.close()
        assert (got.status, got.error) == (None, "tls_error")

    run(work)


def test_a_handshake_that_never_comes_to_an_end_is_a_timeout(authority: Authority) -> None:
    async def work() -> None:
        async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with opened(timeout=0.3, tls=authority.client()) as door:
            got = await post(door, f"https://127.0.0.1:{port}/")
        server.close()
        assert (got.status, got.error) == (None, "timeout")
        assert got.duration_ms < 2000

    run(work)
