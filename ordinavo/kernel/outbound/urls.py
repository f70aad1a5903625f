"""The judgement of URLs under the operator's settings, for whoever stores one."""

from functools import lru_cache

from django.conf import settings

from ordinavo.kernel.outbound.allowed import Allowed, read_allowed
from ordinavo.kernel.outbound.judge import AddressNotAllowed, Judged, UrlNotAllowed, judge

__all__ = ["AddressNotAllowed", "UrlNotAllowed", "allowed_targets", "judged", "refuse_url"]


def refuse_url(url: str) -> None:
    """Raise `UrlNotAllowed` or `AddressNotAllowed` (400) unless the URL may be called."""
    judge(url, allowed_targets())


def allowed_targets() -> Allowed:
    """Return what WEBHOOK_ALLOWED_TARGETS opens; ValueError where it names no host and no network."""
    return _read(tuple(settings.WEBHOOK_ALLOWED_TARGETS))


def judged(url: str) -> Judged:
    """Return what to call for a URL, or raise as `refuse_url`; cheap for a URL that was asked for before."""
    return _judged(url, allowed_targets())


@lru_cache(maxsize=8)
def _read(entries: tuple[str, ...]) -> Allowed:
    return read_allowed(entries)


@lru_cache(maxsize=4096)
def _judged(url: str, allowed: Allowed) -> Judged:
    return judge(url, allowed)
