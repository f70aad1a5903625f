"""System checks: settings that fit each other. What is nonsense by itself is refused by ordinavo.env."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004

from ordinavo.kernel.outbound.urls import allowed_targets


def limits_are_sensible(**_: Any) -> list[CheckMessage]:
    """Refuse limits that would switch off what they limit."""
    found: list[CheckMessage] = []
    if settings.IDEMPOTENCY_KEPT_HOURS < 1:
        found.append(
            Error(
                "IDEMPOTENCY_KEPT_HOURS is below 1: repeated requests would be done twice.",
                hint="The API promises 48 hours.",
                id="ordinavo.E001",
            )
        )
    if settings.UNAUTHORIZED_PER_MINUTE < 1:
        found.append(
            Error(
                "UNAUTHORIZED_PER_MINUTE is below 1: nobody would ever see a 401.",
                hint="The API promises 60.",
                id="ordinavo.E002",
            )
        )
    return found


def webhook_targets_are_named(**_: Any) -> list[CheckMessage]:
    """Refuse entries of WEBHOOK_ALLOWED_TARGETS that name neither a host nor a network."""
    try:
        allowed_targets()
    except ValueError as exc:
        return [Error(f"WEBHOOK_ALLOWED_TARGETS: {exc}", id="ordinavo.E003")]
    return []


def proxies_are_counted(**_: Any) -> list[CheckMessage]:
    """Warn of HTTPS that nobody can tell us about."""
    if settings.TRUSTED_PROXIES or not settings.HTTPS:
        return []
    return [
        Warning(
            "HTTPS=yes without TRUSTED_PROXIES: behind a proxy that ends TLS every page redirects to itself, "
            "and all callers have the proxy's address.",
            hint="Set TRUSTED_PROXIES to the number of proxies in front of the web server.",
            id="ordinavo.W001",
        )
    ]


def files_are_kept(**_: Any) -> list[CheckMessage]:
    """Warn of files that would vanish with the checkout."""
    if Path(settings.MEDIA_ROOT) != Path(settings.BASE_DIR, ".local", "media"):
        return []
    return [
        Warning(
            "MEDIA_ROOT is not set: photos and files of visit reports are kept inside the checkout.",
            hint="Set MEDIA_ROOT to a folder that is backed up and that all web and worker processes share.",
            id="ordinavo.W002",
        )
    ]
