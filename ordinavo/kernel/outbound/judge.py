"""Which URLs may be called; pure.

Judged is what `yarl` makes of the text, since that is what will be connected to: two parsers that disagree
are the oldest way past such a check. The address behind a name is judged when it is connected to, not here.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from yarl import URL

from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.outbound.addresses import Address
from ordinavo.kernel.outbound.allowed import Allowed, ends_in_number, is_host_name

LONGEST_URL = 2000
PORTS = (443, 8443)
# Parsers drop or keep white space and control characters as they like; a backslash is a slash to some.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff\ud800-\udfff]")
_QUOTED = re.compile(r"([A-Za-z0-9._~:/?\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_NO_HOST = "Must be a URL with a host name."
# Never on the internet, whatever a resolver says.
_INNER_NAMES = ("localhost", "local", "internal", "home.arpa")


class UrlNotAllowed(DomainError):
    """The URL is none, or has a scheme, port or part that is not allowed."""

    status, code = 400, "url_not_allowed"


class AddressNotAllowed(DomainError):
    """The URL's host is not on the public internet. The message never says which address it is."""

    status, code = 400, "address_not_allowed"

    def __init__(self) -> None:
        super().__init__("This address is not allowed: it must be on the public internet.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A URL that may be called; a trusted one is listed by its name, so its addresses are not looked at."""

    url: URL
    trusted: bool


def judge(text: str, allowed: Allowed) -> Judged:
    """Return what to call, or raise `UrlNotAllowed` or `AddressNotAllowed`."""
    url, host, port = _read(text)
    address = literal(host)
    trusted = allowed.has_name(host)
    listed = trusted or (address is not None and allowed.has_address(address))
    if not listed:
        _refuse_host(host, address, allowed)
    if url.scheme == "http" and not listed:
        raise UrlNotAllowed("Must start with https://.")
    if not port or (port not in PORTS and not listed):
        raise UrlNotAllowed("The port must be 443 or 8443.")
    return Judged(url, trusted)


def _read(text: str) -> tuple[URL, str, int | None]:
    if len(text) > LONGEST_URL:
        raise UrlNotAllowed(f"Must have at most {LONGEST_URL} characters.")
    authority = _AUTHORITY.match(text)
    if authority is None or _UNSAFE.search(text):
        raise UrlNotAllowed("Must be a URL that starts with https://.")
    if "@" in authority.group(1):
        raise UrlNotAllowed("Must not contain a user name or password.")
    if "#" in text:
        raise UrlNotAllowed("Must not contain a fragment (#).")
    try:
        # Quoted as its owner quoted it, where that is sound: some sign the very text of their query.
        url = URL(text, encoded=_QUOTED.fullmatch(text) is not None)
        host, port = url.raw_host or "", url.port
    except ValueError:
        raise UrlNotAllowed(_NO_HOST) from None
    if authority.group(1).startswith("[") and ":" not in host:
        # `yarl` takes the brackets off whatever stands in them.
        raise UrlNotAllowed(_NO_HOST)
    return url, host.removesuffix(".").lower(), port


def literal(host: str) -> Address | None:
    """Return the address that a host spells, None for a name. `0x7f.1` and `2130706433` are addresses too."""
    try:
        if ":" in host:
            return IPv6Address(host.partition("%")[0])
        if ends_in_number(host):
            return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        raise UrlNotAllowed(_NO_HOST) from None
    if not is_host_name(host):
        raise UrlNotAllowed(_NO_HOST)
    return None


def _refuse_host(host: str, address: Address | None, allowed: Allowed) -> None:
    if address is not None:
        if "%" in host or not allowed.lets_through(address):
            raise AddressNotAllowed
        return
    if any(host == name or host.endswith(f".{name}") for name in _INNER_NAMES):
        raise AddressNotAllowed
    if "." not in host:
        # The search list of the machine's resolver would complete it.
        raise UrlNotAllowed("Must name its host in full.")
