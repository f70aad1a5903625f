"""The door may call this machine here, as the operator may allow it to."""

import pytest
from pytest_django import Settings


@pytest.fixture
def loopback(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = ["127.0.0.0/8", "::1", "localhost"]


@pytest.fixture
def nothing_allowed(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = []
