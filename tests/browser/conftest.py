"""Pages of the browser for the tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.phones import ada, idle, phone

__all__ = ["ada", "idle", "phone"]

PATIENCE_MS = 15_000


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page that notes what went wrong, and fails the test for it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert faults == []
