"""Phones of 360 pixels with MyDay on them, and what a thumb does there."""

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from targets.visits.models import Appointment, Employee
from targets.visits.pages.access import COOKIE, COOKIE_PATH
from targets.visits.services.devices import sign_in
from tests import factories
from tests.visits.phones import PASSWORD, with_login
from tests.visits.rows import employee

PATIENCE_MS = 15_000
Phone = Callable[..., Page]


@pytest.fixture
def ada(transactional_db: None) -> Employee:
    sync_roles()
    return with_login(
        employee(factories.tenant(), name="Ada Berg", language="en"), email="ada@x.example", password=PASSWORD
    )


@pytest.fixture
def idle(live_server: LiveServer) -> Iterator[None]:
    """Wait for what phones asked for last, before the tables are emptied below it."""
    open_requests: list[object] = []

    def begun_one(environ: object, **_: object) -> None:
        open_requests.append(environ)

    def finished_one(**_: object) -> None:
        del open_requests[-1:]

    request_started.connect(begun_one)
    request_finished.connect(finished_one)
    yield
    deadline = time.monotonic() + 10
    while open_requests and time.monotonic() < deadline:
        time.sleep(0.02)
    request_started.disconnect(begun_one)
    request_finished.disconnect(finished_one)


@pytest.fixture
def phone(
    chromium: Browser, live_server: LiveServer, idle: None, settings: Any, tmp_path: Any
) -> Iterator[Phone]:
    """Make phones, logged in as an employee; whatever breaks in their scripts fails the test."""
    contexts, faults = [], []
    settings.MEDIA_ROOT = tmp_path

    def make(who: Employee | None = None, **options: Any) -> Page:
        small = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "locale": "en"}
        context = chromium.new_context(base_url=live_server.url, **{**small, **options})
        contexts.append(context)
        if who is not None:
            _, secret = sign_in(employee=who, name="Chrome on Android")
            cookie = {"name": COOKIE, "value": secret, "domain": "localhost", "path": COOKIE_PATH}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def photo() -> dict[str, Any]:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 27.0, 0.0)}
    Image.new("RGB", (2400, 1200), "navy").save(drawn, "JPEG", exif=exif)
    return {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def opened(page: Page, one: Appointment) -> Page:
    page.goto(f"/myday/stops/{one.pk}/")
    return page


def write(page: Page, summary: str) -> None:
    page.get_by_label("All done").check()
    page.get_by_label("What was done?").fill(summary)


def state(one: Appointment) -> str:
    return Appointment.objects.get(pk=one.pk).status


def log_in(page: Page, email: str) -> None:
    page.goto("/myday/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").tap()
