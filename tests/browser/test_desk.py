"""The desk in a real browser: the board renews itself, the story is found, and everybody can read it."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role
from targets.visits.models import Appointment
from tests import factories
from tests.admin.world import item_of, job_of
from tests.browser.test_admin import log_in
from tests.routes.rows import target
from tests.visits.rows import appointment, employee

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = "/admin/board/live/"


@pytest.fixture
def visit(transactional_db: None) -> Appointment:
    """A visit of today that was to begin two hours ago."""
    sync_roles()
    tenant = factories.tenant(name="Browser Company")
    planned = target(tenant, title="Maintenance visit", external_id="JOB-7", status="Scheduled")
    item = item_of(
        job_of(factories.client(tenant), correlation_id="c-7"), external_id="JOB-7", target=planned
    )
    item.payload = {"externalId": "JOB-7", "title": "Maintenance visit"}
    item.save(update_fields=["payload"])
    start = timezone.now() - timedelta(hours=2)
    return appointment(planned, employee(tenant, name="Emil Ehlers"), start, day=timezone.localdate())


def hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_the_board_renews_itself_while_it_is_in_sight(
    page: Page, live_server: LiveServer, visit: Appointment
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if LIVE in request.url else None)
    log_in(page, live_server, visit.tenant, Role.MANAGER)
    page.clock.install()
    page.goto(f"{live_server.url}/admin/board/")
    stop = page.locator(".desk-stop")
    expect(stop).to_contain_text("2 h 00 min late")
    link = stop.get_by_role("link")
    link.focus()

    Appointment.objects.update(status="Completed")
    page.clock.run_for(21_000)
    expect(stop).to_contain_text("Done")
    # Whoever was on the stop still is.
    expect(link).to_be_focused()

    hide(page, True)
    count = len(asked)
    page.clock.run_for(120_000)
    assert len(asked) == count
    Appointment.objects.update(status="ProblemReported")
    hide(page, False)
    expect(stop).to_contain_text("In trouble")
    assert len(asked) == count + 1


def test_who_was_logged_out_is_told_so(page: Page, live_server: LiveServer, visit: Appointment) -> None:
    log_in(page, live_server, visit.tenant, Role.SUPPORT)
    page.clock.install()
    page.goto(f"{live_server.url}/admin/board/")
    expect(page.locator(".desk-stop")).to_have_count(1)

    page.context.clear_cookies()
    page.clock.run_for(21_000)

    expect(page.get_by_role("status")).to_have_text("You are logged out. Load the page anew to log in.")
    expect(page.locator(".desk-stop")).to_have_count(1)


def test_a_story_is_found_from_the_start_page_by_keyboard(
    page: Page, live_server: LiveServer, visit: Appointment
) -> None:
    log_in(page, live_server, visit.tenant, Role.SUPPORT)
    search = page.get_by_label("External id, correlation id, customer or job number of a target")
    search.fill("c-7")
    search.press("Enter")

    expect(page.get_by_text("Planned for Emil Ehlers")).to_be_visible()
    page.get_by_text("1 field").press("Enter")
    expect(page.locator(".desk-changes ins")).to_have_text("Maintenance visit")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_desk(
    page: Page, live_server: LiveServer, visit: Appointment, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    log_in(page, live_server, visit.tenant, Role.MANAGER)
    for path in ("/admin/", "/admin/board/", f"/admin/story/{visit.target_id}/", "/admin/story/?q=nothing"):
        for width in (1280, 800):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(live_server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        # What unfold draws around it is not ours.
        found = Axe().run(page, context="#content", options={"resultTypes": ["violations"]})
        assert [one["id"] for one in found.response["violations"]] == [], found.generate_report()
