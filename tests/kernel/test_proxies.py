import pytest
from django.test import RequestFactory
from pytest_django import Settings

from ordinavo.kernel.proxies import caller_address

DIRECT = "192.0.2.1"


def _seen(forwarded: str | None = None, direct: str = DIRECT) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return caller_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=direct))


def test_a_forwarded_address_is_hearsay_without_trusted_proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert _seen("203.0.113.9") == DIRECT


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6,203.0.113.9 ", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "203.0.113.9", DIRECT),
        (1, None, DIRECT),
        (1, "", DIRECT),
        (1, "203.0.113.9, unknown", DIRECT),
        (1, "203.0.113.9:1234", DIRECT),
        (1, "fe80::1%eth0", DIRECT),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_read_as_many_hops_from_the_right_as_there_are_trusted_proxies(
    settings: Settings, hops: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = hops
    assert _seen(forwarded) == address


def test_a_mapped_direct_address_is_told_as_v4() -> None:
    assert _seen(direct="::ffff:192.0.2.7") == "192.0.2.7"


def test_a_server_that_knows_no_address_gives_none() -> None:
    assert _seen(direct="") == ""
