"""MyDay on a phone: a whole day, without a script, without a mouse, for all eyes."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from targets.visits.models import Attachment, Employee, VisitReport
from tests.browser.phones import Phone, log_in, photo, write
from tests.routes.rows import target
from tests.visits.pages.stops import begun, ended, known_target, report, stop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_day_from_the_log_in_to_the_last_report(ada: Employee, phone: Phone) -> None:
    first = stop(ada, of=known_target(ada.tenant, title="Change the filter"))
    second = stop(ada, sequence=2, of=target(ada.tenant, title="Empty house", status="Scheduled"))
    page = phone()
    log_in(page, "ada@x.example")
    expect(page.get_by_text("2 stops, 2 to do")).to_be_visible()
    page.get_by_role("link", name="Change the filter").tap()
    expect(page.get_by_text("Ring twice.")).to_be_visible()
    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_text("Sent at")).to_be_visible()
    write(page, "Filter changed.")
    page.get_by_label("Photos and files").first.set_input_files(photo())  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Remove plate.jpg")).to_be_visible()
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Report sent")).to_be_visible()

    page.get_by_role("link", name="Today").tap()
    page.get_by_role("link", name="Empty house").tap()
    page.get_by_text("It cannot be done").tap()
    page.get_by_text("Nobody is there", exact=True).tap()
    page.get_by_role("button", name="Yes, nobody is there").tap()
    expect(page.get_by_text("Problem reported")).to_be_visible()
    page.get_by_role("link", name="Today").tap()
    expect(page.get_by_text("2 stops, all done")).to_be_visible()

    done = VisitReport.objects.get(appointment=first)
    assert (done.status, done.summary, done.used_minutes) == ("Submitted", "Filter changed.", None)
    kept = Attachment.objects.get()
    assert (kept.report, kept.width, kept.height) == (done, 1600, 800)
    with Image.open(kept.file.path) as stored:
        assert not stored.getexif()
    absent = VisitReport.objects.get(appointment=second)
    assert (absent.result, absent.is_billable) == ("CustomerAbsent", False)


def test_it_works_without_javascript(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=target(ada.tenant, title="Plain", status="Scheduled"))
    page = phone(ada, java_script_enabled=False)
    page.goto("/myday/")
    page.get_by_role("link", name="Plain").tap()
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Say how it went.")).to_be_visible()
    write(page, "Typed without a script.")
    page.get_by_label("Photos and files").first.set_input_files(photo())  # type: ignore[arg-type]
    page.get_by_role("button", name="Complete and send the report").tap()
    expect(page.get_by_text("Report sent")).to_be_visible()
    told = VisitReport.objects.get(appointment=one)
    assert (told.status, told.summary, told.attachments.count()) == (
        "Submitted",
        "Typed without a script.",
        1,
    )


def test_it_works_with_the_keyboard_alone(ada: Employee, phone: Phone) -> None:
    one = stop(ada, of=target(ada.tenant, title="By keys", status="Scheduled"))
    page = phone(ada)
    page.goto("/myday/")
    reach(page, "By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By keys")).to_be_visible()
    reach(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are here")).to_be_visible()
    reach(page, "Successful")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed with keys.")
    reach(page, "Complete and send the report")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Report sent")).to_be_visible()
    assert VisitReport.objects.get(appointment=one).summary == "Typed with keys."


def reach(page: Page, name: str) -> None:
    """Press Tab until what is focused says `name` or has it as its value."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.innerText.trim(), document.activeElement.value]")
        if name in focused:
            return
    raise AssertionError(f"{name} is not reached by the keyboard.")


def test_each_page_is_light_fits_and_can_be_read_by_all(ada: Employee, phone: Phone) -> None:
    now = timezone.now()
    late = {"planned_start": now - timedelta(hours=1), "planned_end": now}
    rejected = ended(ada, sequence=3)
    report(rejected, status="Rejected", result="Successful", rejection_reason="No photo.")
    stops = [
        stop(ada, of=known_target(ada.tenant, priority="Urgent"), **late),  # type: ignore[arg-type]
        begun(ada, sequence=2, of=known_target(ada.tenant)),
        rejected,
        stop(ada, sequence=4, status="Cancelled"),
    ]
    own = [f"stops/{one.pk}/" for one in stops]
    page = phone(ada, service_workers="block")
    for path in ("", *own, "unsent/", "account/", "stops/0/", "login/"):
        if path == "login/":
            page.context.clear_cookies()
        page.emulate_media(color_scheme="light")
        page.goto(f"/myday/{path}")
        for part in page.locator("details").all():
            part.evaluate("part => { part.open = true }")
        assert grave(page, _ALL_RULES) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.evaluate(_SMALL) == [], path
        page.emulate_media(color_scheme="dark")
        assert grave(page, _CONTRAST) == [], path


def grave(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


# Text in the sun: 7:1, not only the usual 4.5:1.
_ALL_RULES = {"rules": {"color-contrast-enhanced": {"enabled": True}}}
_CONTRAST = {"runOnly": ["color-contrast", "color-contrast-enhanced"]}
# What is touched and smaller than 48 pixels; links within a sentence don't count, nor what a label covers.
_SMALL = """[...document.querySelectorAll("main a, header a, button, summary, label:has(input), textarea")]
  .filter((e) => e.checkVisibility() && !e.closest("h2") && !e.classList.contains("skip"))
  .filter((e) => e.getBoundingClientRect().height < 47.5)
  .map((e) => e.outerHTML.slice(0, 120))"""


def test_a_phone_loads_less_than_100_kilobytes_in_all(ada: Employee, phone: Phone) -> None:
    for number in range(12):
        stop(ada, sequence=number, of=known_target(ada.tenant))
    page = phone(ada, service_workers="block")
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(len(answer.body())))
    page.goto("/myday/")
    page.wait_for_load_state("networkidle")
    assert len(loaded) >= 8
    assert sum(loaded) < 100_000
