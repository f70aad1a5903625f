"""The guard on the socket: whatever a name resolves to, and whenever."""

import os
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from ordinavo.kernel.outbound.door import Answer
from tests.kernel.outbound.certificates import Authority
from tests.kernel.outbound.doors import Book, opened, post, run
from tests.kernel.outbound.receivers import Receiver, answer, receiving

# Addresses of this process alone, so that the fixed port is free whoever else runs tests here.
_NET = f"127.{os.getpid() // 250 % 250 + 1}.{os.getpid() % 250 + 1}"
OPEN, OTHER, INNER = f"{_NET}.1", f"{_NET}.2", f"{_NET}.3"
REFUSED = (None, "address_not_allowed", "")

CLOSED = [
    "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.0.1", "169.254.169.254",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "203.0.113.9", "224.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "2001:0:808:808::80ff:fffe", "2001:0:a00:1::f7f7:f7f7", "2606:4700::5efe:10.0.0.1",
    "fe80::1", "fe80::1%lo", "fec0::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1", "100::1",
]  # fmt: skip


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def open_network(settings: Settings) -> None:
    """Of this machine only the first two addresses may be called."""
    settings.WEBHOOK_ALLOWED_TARGETS = [OPEN, OTHER]


def _post(book: Book, *urls: str, tls: ssl.SSLContext | None = None) -> list[Answer]:
    answers: list[Answer] = []

    async def work() -> None:
        async with opened(resolver=book, tls=tls) as door:
            answers.extend([await post(door, url) for url in urls])

    run(work)
    return answers


@pytest.mark.usefixtures("nothing_allowed")
@pytest.mark.parametrize("address", CLOSED)
def test_a_name_that_leads_to_a_closed_address_is_refused_before_a_packet_is_sent(address: str) -> None:
    (got,) = _post(Book(hooks=[[address]]), "https://hooks.example/")
    assert (got.status, got.error, got.text) == REFUSED
    assert got.duration_ms < 1000


@pytest.mark.usefixtures("nothing_allowed")
def test_all_addresses_of_a_name_are_refused_one_by_one() -> None:
    (got,) = _post(Book(hooks=[["10.0.0.1", "::1", "fe80::1", "192.168.1.1"]]), "https://hooks.example/")
    assert (got.status, got.error, got.text) == REFUSED


def _served(behave: Callable[[Receiver, Receiver, ssl.SSLContext], Awaitable[None]], ca: Authority) -> None:
    """Run with two receivers for hooks.example on port 8443: one that may be called, one that may not."""

    async def work() -> None:
        tls = ca.server("hooks.example")
        async with (
            receiving(answer(200, b"open"), host=OPEN, port=8443, tls=tls) as outer,
            receiving(answer(200, b"inner"), host=INNER, port=8443, tls=tls) as inner,
        ):
            await behave(outer, inner, ca.client())

    run(work)


@pytest.mark.allow_hosts(["127.0.0.0/8"])
@pytest.mark.usefixtures("open_network")
def test_a_name_that_is_bound_anew_between_two_looks_does_not_help(authority: Authority) -> None:
    async def work(outer: Receiver, inner: Receiver, tls: ssl.SSLContext) -> None:
        book = Book(hooks=[[OPEN], [INNER]])
        # Each door looks the name up once, as two attempts with time between them would.
        results = []
        for _ in range(3):
            async with opened(resolver=book, tls=tls) as door:
                got = await post(door, "https://hooks.example:8443/")
                results.append((got.status, got.error, got.text))
        assert results == [(200, "", "open"), REFUSED, REFUSED]
        assert (outer.connections, inner.connections) == (1, 0)

    _served(work, authority)


@pytest.mark.allow_hosts(["127.0.0.0/8"])
@pytest.mark.usefixtures("open_network")
def test_of_mixed_addresses_only_the_open_one_is_called(authority: Authority) -> None:
    async def work(outer: Receiver, inner: Receiver, tls: ssl.SSLContext) -> None:
        for order in ([INNER, OPEN], [OPEN, INNER], [INNER, "::1", INNER, OPEN], ["10.0.0.1", OTHER, OPEN]):
            async with opened(resolver=Book(hooks=[order]), tls=tls) as door:
                got = await post(door, "https://hooks.example:8443/")
                assert (got.status, got.error, got.text) == (200, "", "open")
        assert (outer.connections, inner.connections) == (4, 0)

    _served(work, authority)


@pytest.mark.allow_hosts(["127.0.0.0/8"])
@pytest.mark.usefixtures("open_network")
def test_a_mapped_form_of_an_allowed_address_is_allowed(authority: Authority) -> None:
    async def work(outer: Receiver, inner: Receiver, tls: ssl.SSLContext) -> None:
        book = Book(hooks=[[f"::ffff:{OPEN}"], [f"::ffff:{INNER}"]])
        results = []
        for _ in range(2):
            async with opened(resolver=book, tls=tls) as door:
                got = await post(door, "https://hooks.example:8443/")
                results.append((got.status, got.error, got.text))
        # A machine without IPv6 can't connect to the mapped form; refused is only the other one.
        assert results[0] in {(200, "", "open"), (None, "connection_failed", "")}
        assert results[1] == REFUSED
        assert inner.connections == 0

    _served(work, authority)


@pytest.mark.usefixtures("nothing_allowed")
def test_literals_in_the_url_are_refused_without_a_look_up() -> None:
    book = Book()
    urls = ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://[::ffff:7f00:1]:8443/"]
    assert [got.error for got in _post(book, *urls)] == ["address_not_allowed"] * 4
    assert book.asked == []


def test_a_host_that_is_listed_by_name_may_lead_anywhere(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = ["hooks.example"]

    async def work() -> None:
        book = Book(hooks=[["127.0.0.1"]], other=[["127.0.0.1"]])
        async with receiving(answer(200)) as receiver, opened(resolver=book) as door:
            assert (await post(door, f"http://hooks.example:{receiver.port}/")).status == 200
            assert (await post(door, f"http://HOOKS.example.:{receiver.port}/")).status == 200
            assert (await post(door, "https://other.example:8443/")).error == "address_not_allowed"
            assert (await post(door, f"http://other.example:{receiver.port}/")).error == "url_not_allowed"

    run(work)


@pytest.mark.usefixtures("nothing_allowed")
def test_a_redirect_to_a_private_address_reaches_nobody(settings: Settings) -> None:
    async def work() -> None:
        async with receiving(answer(200)) as inner:
            settings.WEBHOOK_ALLOWED_TARGETS = ["hooks.example"]
            redirect = answer(307, Location=inner.url)
            async with receiving(redirect) as receiver, opened(resolver=Book(hooks=[["127.0.0.1"]])) as door:
                got = await post(door, f"http://hooks.example:{receiver.port}/")
            assert (got.status, got.error) == (307, "redirect")
            assert inner.connections == 0

    run(work)
