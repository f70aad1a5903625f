"""What the operator allows beyond the public internet: names and networks; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from ordinavo.kernel.outbound.addresses import Address, is_open, stands_for

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_ENDS_IN_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")


def ends_in_number(host: str) -> bool:
    """Tell whether a host can only be meant as an IPv4 address: no top-level domain is a number."""
    return _ENDS_IN_NUMBER.fullmatch(host) is not None


def is_host_name(host: str) -> bool:
    """Tell whether a lower-case host is a name that DNS can know."""
    return _NAME.fullmatch(host) is not None and not ends_in_number(host)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts by name, whatever they resolve to, and networks, whatever name leads there."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def has_name(self, host: str) -> bool:
        """Tell whether the host is listed by name."""
        return host in self.names

    def has_address(self, address: Address) -> bool:
        """Tell whether all that the address stands for lies in the listed networks."""
        return all(self._covers(real) for real in stands_for(address))

    def lets_through(self, address: Address) -> bool:
        """Tell whether a connection to the address may be opened: all it stands for is public or listed."""
        return all(is_open(real) or self._covers(real) for real in stands_for(address))

    def _covers(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def read_allowed(entries: Iterable[str]) -> Allowed:
    """Read host names and networks (`erp.internal`, `127.0.0.0/8`); ValueError says what is neither."""
    names: set[str] = set()
    networks: list[IPv4Network | IPv6Network] = []
    for entry in entries:
        network = _network(entry)
        if network is not None:
            networks.append(network)
        else:
            names.add(_name(entry))
    return Allowed(frozenset(names), tuple(networks))


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry)
    except ValueError:
        return None


def _name(entry: str) -> str:
    name = entry.lower().removesuffix(".")
    if not is_host_name(name):
        raise ValueError(f"{entry!r} is neither a host name nor a network such as 10.1.0.0/16.")
    return name
