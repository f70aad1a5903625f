"""Which sessions have shown their second factor, and which browsers need not for a month."""

import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.models import User

_SESSION_KEY = "second_factor"
_SALT = "ordinavo.remembered-browser"
REMEMBERED_SECONDS = 30 * 24 * 3600


def is_verified(request: HttpRequest, factor: SecondFactor) -> bool:
    """Whether this session has shown the factor lately, or its browser is remembered."""
    shown, at = request.session.get(_SESSION_KEY, (None, 0))
    if shown == factor.pk and at > time.time() - settings.SESSION_COOKIE_AGE:
        return True
    if not _is_remembered(request, factor):
        return False
    mark_verified(request, factor)
    return True


def mark_verified(request: HttpRequest, factor: SecondFactor) -> None:
    """Note that the session has shown the factor; it gets a new key."""
    request.session.cycle_key()
    request.session[_SESSION_KEY] = (factor.pk, int(time.time()))


def remember(response: HttpResponse, user: User, factor: SecondFactor) -> None:
    """Ask for no code in this browser for 30 days, unless password or factor change."""
    response.set_cookie(
        settings.REMEMBERED_COOKIE_NAME,
        signing.dumps(_owner(user, factor), salt=_SALT),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_remembered(request: HttpRequest, factor: SecondFactor) -> bool:
    cookie, user = request.COOKIES.get(settings.REMEMBERED_COOKIE_NAME, ""), request.user
    if not cookie or not isinstance(user, User):
        return False
    try:
        owner = signing.loads(cookie, salt=_SALT, max_age=REMEMBERED_SECONDS)
    except signing.BadSignature:
        return False
    return bool(owner == _owner(user, factor))


def _owner(user: User, factor: SecondFactor) -> list[str | int]:
    # Part of the session's hash, which follows the password: a new one forgets all browsers.
    return [user.pk, factor.pk, user.get_session_auth_hash()[:16]]
