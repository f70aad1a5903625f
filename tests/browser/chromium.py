"""A browser for tests: Debian's Chromium, without a window. One process has one, whatever folder asks for it.

Without Chromium these tests are skipped, and counted as such; with CI=true that is a failure.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


def _missing() -> None:
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium is not installed (apt-get install chromium), and CI=true demands it.")
    pytest.skip("Chromium is not installed (apt-get install chromium).")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        _missing()
    # The browser's own loop makes Django think that it is called from asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
