"""Who is calling: the address behind the trusted proxies."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def caller_address(request: HttpRequest) -> str:
    """Return the caller's IP address, v4-mapped v6 as v4; empty if the server knows none (a unix socket).

    Every trusted proxy appends the address it was called from to `X-Forwarded-For`. With N of them in front,
    the N-th entry from the right is the last one that the outside can't forge; all before it is hearsay.
    """
    direct = _normalised(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not hops or len(forwarded) < hops:
        return direct
    return _normalised(forwarded[-hops].strip()) or direct


@lru_cache(maxsize=1024)
def _normalised(text: str) -> str:
    # A scope id (fe80::1%eth0) is local to one machine and no address that PostgreSQL could keep.
    if "%" in text:
        return ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
