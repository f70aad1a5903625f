"""The IP allowlist of a client; pure."""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def admits(networks: Iterable[str], address: str) -> bool:
    """Whether the address lies in one of the networks; an empty list admits everybody.

    An empty address (the server does not know it) is admitted by an empty list only.
    """
    listed = [_network(text) for text in networks]
    if not listed:
        return True
    return bool(address) and any(ipaddress.ip_address(address) in network for network in listed)


def _network(text: str) -> Network:
    network = ipaddress.ip_network(text)
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        # Callers' addresses are compared as v4, so the network has to be v4 too.
        start = ipaddress.IPv4Address(int(network.network_address) & 0xFFFFFFFF)
        return ipaddress.IPv4Network((start, network.prefixlen - _MAPPED.prefixlen))
    return network
