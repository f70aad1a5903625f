"""The guard of addresses, against tables and against a statement of its own in plain numbers."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinavo.kernel.outbound.addresses import is_public, stands_for

# First and last number of what must never be called; written down from the registry, not from the guard.
CLOSED = [
    (0x00000000, 0x00FFFFFF), (0x0A000000, 0x0AFFFFFF), (0x64400000, 0x647FFFFF), (0x7F000000, 0x7FFFFFFF),
    (0xA83F8110, 0xA83F8110), (0xA9FE0000, 0xA9FEFFFF), (0xAC100000, 0xAC1FFFFF), (0xC0000000, 0xC00000FF),
    (0xC0000200, 0xC00002FF), (0xC0586300, 0xC05863FF), (0xC0A80000, 0xC0A8FFFF), (0xC6120000, 0xC613FFFF),
    (0xC6336400, 0xC63364FF), (0xCB007100, 0xCB0071FF), (0xE0000000, 0xFFFFFFFF),
]  # fmt: skip


def _open(number: int) -> bool:
    return not any(first <= number <= last for first, last in CLOSED)


edges = st.sampled_from([edge + step for pair in CLOSED for edge in pair for step in (-1, 0, 1)])
numbers = st.one_of(st.integers(0, 2**32 - 1), edges.filter(lambda number: 0 <= number < 2**32))


@given(numbers)
def test_an_ipv4_address_is_public_outside_the_closed_ranges_only(number: int) -> None:
    assert is_public(IPv4Address(number)) is _open(number)


@given(numbers)
def test_nothing_that_python_calls_private_or_multicast_is_public(number: int) -> None:
    address = IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved or not address.is_global:
        assert not is_public(address)


@given(numbers)
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(number: int) -> None:
    wrapped = [
        number,
        0xFFFF << 32 | number,
        0xFFFF << 48 | number,
        0x0064_FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x2002 << 112 | number << 80 | 1,
        0x2001_0000 << 96 | 0x08080808 << 64 | (number ^ 0xFFFFFFFF),
        0x2001_0000 << 96 | number << 64 | (0x08080808 ^ 0xFFFFFFFF),
        0x2A00_1450_4001_0001 << 64 | 0x5EFE << 32 | number,
        0x2A00_1450_4001_0001 << 64 | 0x0200_5EFE << 32 | number,
    ]
    assert [is_public(IPv6Address(form)) for form in wrapped] == [_open(number)] * len(wrapped)


@given(st.integers(0, 2**128 - 1))
def test_an_ipv6_address_outside_the_given_out_block_is_public_only_for_what_it_carries(number: int) -> None:
    address = IPv6Address(number)
    if number >> 125 != 1 and stands_for(address) == (address,):
        assert not is_public(address)


@given(st.integers(0, 2**128 - 1))
def test_what_an_ipv6_address_stands_for_is_never_wrapped_again(number: int) -> None:
    address = IPv6Address(number)
    assert all(isinstance(real, IPv4Address) or real == address for real in stands_for(address))


@pytest.mark.parametrize(
    "text",
    [
        "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1",
        "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:a00:1::", "2002:7f00:1::1",
        "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "fec0::1", "ff02::1",
        "ff0e::1", "4000::1", "1fff::1", "2001:0:7f00:1::f7f7:f7f7", "2606:4700::5efe:10.0.0.1",
    ],
)  # fmt: skip
def test_these_ipv6_addresses_are_closed(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
        "168.63.129.15", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        "2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2001:200::1", "2001:4860:4860::8888", "3ffe::1",
    ],
)  # fmt: skip
def test_these_addresses_are_open(text: str) -> None:
    assert is_public(ip_address(text))
