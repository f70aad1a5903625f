"""How browsers are kept in check: transport, cookies, the content security policy."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

HOUR = 3600
_TILES = re.compile(r"https?://[\w.{}:\[\]-]+/\S*")


def content_security_policy(*, tile_url: str) -> str:
    """Return the policy of every page: nothing inline, nothing evaluated, nothing from other hosts.

    The one exception is the server that a map's tiles come from, if there is one.
    """
    is_url = _TILES.fullmatch(tile_url) and all(part in tile_url for part in ("{z}", "{x}", "{y}"))
    if tile_url and not is_url:
        raise ImproperlyConfigured(
            f"ROUTE_TILE_URL must be a URL as https://example.com/{{z}}/{{x}}/{{y}}.png, not {tile_url!r}."
        )
    place = urlsplit(tile_url)
    # Leaflet's `{s}` stands for one of several hosts.
    tiles = f" {place.scheme}://{place.netloc.replace('{s}', '*')}" if place.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


def cookie_name(name: str, *, https: bool) -> str:
    """Return a cookie's full name: over HTTPS a `__Host-` one, which no other host can set or read."""
    return f"{'__Host-' if https else ''}ordinavo-{name}"


def web(*, https: bool, proxies: int) -> dict[str, Any]:
    """Return Django's settings of transport and cookies."""
    return {
        "SECURE_SSL_REDIRECT": https,
        "SECURE_HSTS_SECONDS": 31_536_000 if https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_HSTS_PRELOAD": https,
        # Only a trusted proxy may say that the outer leg was HTTPS.
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "X_FRAME_OPTIONS": "DENY",
        "SESSION_COOKIE_NAME": cookie_name("session", https=https),
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": 12 * HOUR,
        "CSRF_COOKIE_NAME": cookie_name("csrf", https=https),
        "CSRF_COOKIE_SECURE": https,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "ordinavo.kernel.stale.stale_form",
    }
