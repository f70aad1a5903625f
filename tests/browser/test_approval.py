"""Approving reports in a real browser: by the keyboard, with photos, one after the other."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role, Tenant
from targets.visits.models import Attachment, VisitReport
from tests import factories
from tests.admin.outcomes import REPORTS, bill_page
from tests.admin.outcomes import page as path_of
from tests.browser.test_admin import log_in
from tests.visits.deciding import bill_of, customer, fresh, handed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIOUS = {"serious", "critical"}


@pytest.fixture
def company(transactional_db: None) -> Tenant:
    sync_roles()
    return factories.tenant(name="Browser Company")


def photographed(report: VisitReport, colour: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(written, "JPEG")
    content = written.getvalue()
    Attachment.objects.create(
        report=report,
        key=colour,
        kind="image/jpeg",
        name=f"{colour}.jpg",
        size=len(content),
        file=ContentFile(content, f"{colour}.jpg"),
    )


def faults(page: Page) -> list[str]:
    """What axe-core finds that keeps people from using the page; the frame of the admin apart."""
    found = Axe().run(page, context="#content-main").response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


def look_at_photos(page: Page) -> None:
    """Small ones on the page, large ones above it, by mouse and by keyboard."""
    thumbnails = page.locator("a[data-photo] img")
    expect(thumbnails).to_have_count(2)
    assert thumbnails.first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 360
    thumbnails.first.click()
    large = page.locator("dialog.ord-viewer img")
    expect(large).to_have_attribute("alt", "Photo 1 of 2: navy.jpg")
    page.keyboard.press("ArrowRight")
    expect(large).to_have_attribute("alt", "Photo 2 of 2: olive.jpg")
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") == 800
    # A letter means nothing while a photo is open.
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()


def test_a_manager_works_through_the_reports_by_the_keyboard(
    page: Page, live_server: LiveServer, company: Tenant
) -> None:
    of = {"customer": customer(company), "title": "Pump inspection"}
    first, second = handed_in(company, of=of), handed_in(company, follow_up_required=True)
    third = handed_in(company, of={"title": "Third one"})
    for colour in ("navy", "olive"):
        photographed(first, colour)
    log_in(page, live_server, company, Role.MANAGER)

    page.goto(live_server.url + REPORTS)
    page.get_by_role("link", name="Pump inspection").click()
    expect(page.get_by_text("Successful, as long as planned")).to_be_visible()
    assert faults(page) == []

    look_at_photos(page)

    page.keyboard.press("n")
    page.wait_for_url(live_server.url + path_of(second))
    page.keyboard.press("n")
    page.wait_for_url(live_server.url + path_of(third))
    page.keyboard.press("n")
    page.wait_for_url(live_server.url + path_of(first))

    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Its billing event is ready.")).to_be_visible()
    page.wait_for_url(live_server.url + path_of(second))

    page.keyboard.press("r")
    reason = page.get_by_label("What is to be changed")
    expect(reason).to_be_focused()
    # Letters are letters where somebody types.
    page.keyboard.type("arn")
    expect(reason).to_have_value("arn")
    page.keyboard.press("Escape")
    page.wait_for_url(live_server.url + path_of(second))
    page.keyboard.press("r")
    expect(reason).to_be_focused()
    page.keyboard.type("Which filter?")
    page.get_by_role("button", name="Give back").click()
    page.wait_for_url(live_server.url + path_of(third))

    assert [fresh(one).status for one in (first, second, third)] == ["Approved", "Rejected", "Submitted"]
    assert fresh(second).rejection_reason == "Which filter?"
    page.get_by_role("button", name="Switch the keys A, R, F, I and N off").click()
    page.keyboard.press("a")
    expect(page).to_have_url(live_server.url + path_of(third))
    expect(page.locator("kbd").first).to_be_hidden()

    # What is approved together, and what is billed.
    for path in (f"{REPORTS}clean/?reports={third.pk}", bill_page(bill_of(first))):
        page.goto(live_server.url + path)
        assert faults(page) == [], path
