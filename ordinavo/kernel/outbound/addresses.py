"""Which addresses lie on the public internet; pure.

An IPv6 address that only carries an IPv4 address is judged by what it carries: a translator or tunnel on the
way would unwrap it. `ipaddress.is_global` knows nothing of most of these forms.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# From the IANA special-purpose registry, with what is multicast, reserved, or a cloud's inner service.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; 0.0.0.0 connects to the own machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; a cloud's metadata too (100.100.100.200)
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host service on a public address
        "169.254.0.0/16",  # link-local, metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata too (192.0.0.192)
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4, given up
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only this block is given out; loopback, site-local, ULA, link-local, multicast lie outside it.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",  # documentation
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
# The well-known prefix. That of a network of its own (64:ff9b:1::/48) is closed as a whole.
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_LAST_32 = 0xFFFF_FFFF
# An ISATAP interface id, with and without the bit for a unique IPv4 address.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def stands_for(address: Address) -> tuple[Address, ...]:
    """Return the addresses that a packet to this one may end at: what it carries, or else itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    carried = tuple(IPv4Address(number) for number in _carried(address))
    if (int(address) >> 32) & _LAST_32 in _ISATAP:
        # The prefix is a real network and says nothing of the tunnel's end: both must be judged.
        return (*(carried or (address,)), IPv4Address(int(address) & _LAST_32))
    return carried or (address,)


def _carried(address: IPv6Address) -> Iterator[int]:
    number = int(address)
    if any(address in network for network in (_MAPPED, _COMPATIBLE, _TRANSLATED, _NAT64)):
        yield number & _LAST_32
    elif address in _SIX_TO_FOUR:
        yield number >> 80 & _LAST_32
    elif address in _TEREDO:
        # The server in plain, the client with all bits turned.
        yield number >> 64 & _LAST_32
        yield ~number & _LAST_32


def is_public(address: Address) -> bool:
    """Tell whether everything this address stands for lies on the public internet."""
    return all(is_open(real) for real in stands_for(address))


def is_open(address: Address) -> bool:
    """Tell whether the address as it stands, wrapped or not, lies on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)
