"""People in front of browsers, and what they do there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.visits.pictures import picture

PATIENCE_MS = 20_000


class Person:
    """Somebody with a browser of their own; whatever goes wrong in it is noted."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.faults: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    @classmethod
    @contextmanager
    def at(cls, browser: Browser, url: str, *, phone: bool = False) -> Iterator["Person"]:
        """Sit down in front of a browser; at the end nothing may have gone wrong in it."""
        size: Any = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=size, has_touch=phone, locale="en-GB")
        person = cls(context.new_page(), url)
        yield person
        context.close()
        assert person.faults == []

    def log_in(self, path: str, email: str, password: str) -> None:
        """Log in at the admin or at MyDay."""
        self.page.goto(f"{self.url}{path}")
        self.page.get_by_label(re.compile("E-mail", re.IGNORECASE)).fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()

    # --- The manager -------------------------------------------------------------------------------------
    def plan_and_publish(self, title: str, *, day: str) -> None:
        """Have routes suggested for the targets with this title, and publish what comes of it."""
        page = self.page
        page.goto(f"{self.url}/admin/targets/target/?status__exact=Open")
        page.get_by_role("row").filter(has_text=title).locator('input[name="_selected_action"]').check()
        page.locator('select[name="action"]').select_option(label="Suggest routes…")
        page.get_by_role("button", name="Run").click()
        page.get_by_label("Day").fill(day)
        page.get_by_role("button", name="Suggest routes").click()
        page.get_by_role("link", name=re.compile("Publish$")).click(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("1 route published.")).to_be_visible()

    def approve(self, title: str) -> None:
        """Open the report that waits on the start page, and approve it."""
        page = self.page
        page.goto(f"{self.url}/admin/")
        page.get_by_role("link", name=title).first.click()
        page.get_by_role("link", name=re.compile("^Approve")).click()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("is approved.")).to_be_visible()

    def give_back(self, title: str, reason: str) -> None:
        """Open the report that waits on the start page, and give it back."""
        page = self.page
        page.goto(f"{self.url}/admin/")
        page.get_by_role("link", name=title).first.click()
        page.get_by_role("link", name=re.compile("^Give back")).click()
        page.get_by_label("What is to be changed").fill(reason)
        page.get_by_role("button", name="Give back").click()
        expect(page.get_by_text("went back to")).to_be_visible()

    def story_of(self, external_id: str) -> str:
        """Search for a target on the start page, and return its story as it is read."""
        page = self.page
        page.goto(f"{self.url}/admin/")
        page.get_by_label("External id, correlation id, customer or job number of a target").fill(external_id)
        page.get_by_role("button", name="Tell").click()
        return page.locator(".desk-story").inner_text()

    # --- The employee ------------------------------------------------------------------------------------
    def work_and_report(self, title: str) -> None:
        """Go to a stop of today's, do the work, and hand in a report with two photos."""
        page = self.page
        self.open_stop(title)
        page.get_by_role("button", name="Start").click()
        page.get_by_label("All done").check()
        page.get_by_label("What was done?").fill("Refrigeration unit checked, filter replaced.")
        page.get_by_label("Minutes worked").fill("50")
        photos: Any = [
            {
                "name": f"unit-{number}.jpg",
                "mimeType": "image/jpeg",
                "buffer": picture(size=(48, 32 + number)),
            }
            for number in (1, 2)
        ]
        page.locator("#report_files").set_input_files(photos)
        page.get_by_role("button", name="Complete and send the report").click()
        expect(page.get_by_text("Report sent").first).to_be_visible()

    def open_stop(self, title: str) -> None:
        """Open the last stop of today's with this title."""
        self.page.goto(f"{self.url}/myday/")
        self.page.get_by_role("link", name=title).last.click()

    def mend_report(self, title: str, *, because: str, summary: str) -> None:
        """Read why a report came back, change it, and hand it in again."""
        page = self.page
        self.open_stop(title)
        expect(page.get_by_text(because)).to_be_visible()
        page.get_by_label("What was done?").fill(summary)
        page.get_by_role("button", name="Send the report").click()
        expect(page.get_by_text("Report sent").first).to_be_visible()

    def cannot_do(self, title: str, problem: str, words: str) -> None:
        """Say why the work cannot be done."""
        page = self.page
        self.open_stop(title)
        page.get_by_text("It cannot be done").click()
        page.get_by_label(problem).check()
        page.get_by_label("What should the office know?").fill(words)
        page.get_by_role("button", name="Report the problem").click()
        expect(page.get_by_text("Problem reported").first).to_be_visible()
