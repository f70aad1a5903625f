from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from ordinavo import media
from ordinavo.kernel.checks import (
    files_are_kept,
    limits_are_sensible,
    proxies_are_counted,
    webhook_targets_are_named,
)


def _ours(*, deploy: bool) -> set[str]:
    found = run_checks(tags=["security"] if deploy else None, include_deployment_checks=deploy)
    return {str(message.id) for message in found if str(message.id).startswith("ordinavo.")}


def test_the_settings_as_they_are_pass() -> None:
    assert limits_are_sensible() == []


def test_limits_that_switch_off_what_they_limit_are_errors(settings: Settings) -> None:
    settings.IDEMPOTENCY_KEPT_HOURS = settings.UNAUTHORIZED_PER_MINUTE = 0
    assert [message.id for message in limits_are_sensible()] == ["ordinavo.E001", "ordinavo.E002"]
    assert all(message.hint for message in limits_are_sensible())


def test_https_without_counted_proxies_is_a_warning_for_production_only(settings: Settings) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 0
    assert _ours(deploy=True) == {"ordinavo.W001"}
    settings.TRUSTED_PROXIES = 1
    assert proxies_are_counted() == []
    settings.HTTPS, settings.TRUSTED_PROXIES = False, 0
    assert proxies_are_counted() == []


def test_webhook_targets_that_name_nothing_are_an_error(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = ["localhost", "10.0.0.0/8"]
    assert webhook_targets_are_named() == []
    settings.WEBHOOK_ALLOWED_TARGETS = ["http://localhost"]
    (error,) = webhook_targets_are_named()
    assert error.id == "ordinavo.E003"
    assert error.msg == (
        "WEBHOOK_ALLOWED_TARGETS: 'http://localhost' is neither a host name "
        "nor a network such as 10.1.0.0/16."
    )


def test_files_inside_the_checkout_are_a_warning_for_production(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEDIA_ROOT", raising=False)
    settings.MEDIA_ROOT = media.root(settings.BASE_DIR)
    assert [message.id for message in files_are_kept()] == ["ordinavo.W002"]
    monkeypatch.setenv("MEDIA_ROOT", "/srv/media")
    settings.MEDIA_ROOT = media.root(settings.BASE_DIR)
    assert (settings.MEDIA_ROOT, files_are_kept()) == ("/srv/media", [])


def test_a_folder_of_files_that_depends_on_where_one_stands_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDIA_ROOT", "media")
    with pytest.raises(ImproperlyConfigured, match=r"^MEDIA_ROOT must be an absolute path, not 'media'\.$"):
        media.root(Path("/checkout"))
