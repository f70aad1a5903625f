"""Routes in a real browser: from chosen targets to published visits."""

import re
from base64 import b64decode

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from ordinavo.security import content_security_policy
from ordinavo.tenants.models import Role, Tenant
from targets.models import Target
from targets.routes.models import RouteSuggestion, Stop
from targets.routes.solving.work import work_suggestion
from targets.visits.models import Appointment
from tests import factories
from tests.admin.days import draft
from tests.admin.days import page as path_of
from tests.browser.test_admin import log_in
from tests.routes import rows
from tests.visits.rows import DAY, employee

_TILE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def company(transactional_db: None) -> Tenant:
    sync_roles()
    return factories.tenant(name="Browser Company")


def test_a_dispatcher_chooses_targets_gets_a_draft_moves_a_stop_and_publishes(
    page: Page, live_server: LiveServer, company: Tenant
) -> None:
    employee(company, name="Anna Weber")
    wanted = rows.targets(company, 3)
    other = rows.target(company, title="Not today")
    log_in(page, live_server, company, Role.DISPATCHER)

    page.get_by_role("link", name="Targets").first.click()
    for target in wanted:
        page.locator(f'input[name="_selected_action"][value="{target.pk}"]').check()
    page.locator('select[name="action"]').select_option(label="Suggest routes…")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("For 3 open targets you selected.")).to_be_visible()
    page.get_by_label("Day").fill(DAY.isoformat())
    page.get_by_role("button", name="Suggest routes").click()

    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    suggestion = RouteSuggestion.objects.get()
    RouteSuggestion.objects.update(budget_seconds=0.05)
    work_suggestion(suggestion.pk)
    # Hired after it was planned, so that a second person is there to give a stop to.
    employee(company, name="Ben Krüger")
    expect(page.get_by_role("heading", name="Anna Weber")).to_be_visible()
    expect(page.locator("i.ord-bar-work")).to_have_count(3)
    expect(page.locator(".ord-pin")).to_have_count(4)

    moved = rows.stops_of(suggestion)[1].target
    page.get_by_label(f"Change {moved}").click()
    page.get_by_label("Give to").select_option(label="Ben Krüger")
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text(f"{moved} was given to Ben Krüger.")).to_be_in_viewport()
    expect(page.locator(f"#target-{moved.pk}")).to_be_in_viewport()
    assert Stop.objects.get(target=moved).route.employee.name == "Ben Krüger"

    page.get_by_role("link", name=re.compile("Publish$")).click()
    expect(page.get_by_label("2. Ben Krüger: 1 stop")).to_be_checked()
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("2 routes published.")).to_be_visible()
    expect(page.get_by_role("link", name="Take back")).to_have_count(2)
    assert Appointment.objects.count() == 3
    assert dict(Target.objects.values_list("pk", "status")) == {
        **{target.pk: "Scheduled" for target in wanted},
        other.pk: "Open",
    }


def test_the_map_shows_one_route_alone_and_all_again_by_the_keyboard(
    page: Page, live_server: LiveServer, company: Tenant
) -> None:
    suggestion = draft(company, people=1, stops=3)
    employee(company, name="Other Person")
    log_in(page, live_server, company, Role.SUPPORT)
    page.goto(live_server.url + path_of(suggestion))
    button = page.get_by_role("button", name="1 Person 1", exact=True)

    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.locator(".ord-pin").nth(1).press("Enter")

    expect(page.get_by_role("link", name="See it in the table")).to_be_visible()


def test_nothing_is_loaded_from_other_hosts(page: Page, live_server: LiveServer, company: Tenant) -> None:
    suggestion = draft(company, people=1, stops=3)
    log_in(page, live_server, company, Role.SUPPORT)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(live_server.url + path_of(suggestion))
    expect(page.locator(".ord-pin")).to_have_count(4)

    assert any(url.endswith("/leaflet.js") for url in asked)
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_the_policy_lets_tiles_of_the_server_in_the_settings_through(
    page: Page, live_server: LiveServer, company: Tenant, settings: Settings
) -> None:
    suggestion = draft(company, people=1, stops=1)
    settings.ROUTE_TILE_URL = "https://tiles.example.com/{z}/{x}/{y}.png"
    settings.CONTENT_SECURITY_POLICY = content_security_policy(tile_url=settings.ROUTE_TILE_URL)
    log_in(page, live_server, company, Role.SUPPORT)
    page.route("https://*/**", lambda route: route.fulfill(body=_TILE, content_type="image/png"))

    page.goto(live_server.url + path_of(suggestion))

    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()


def test_the_page_of_a_day_fits_a_narrow_window(page: Page, live_server: LiveServer, company: Tenant) -> None:
    suggestion = draft(company, people=2, stops=6)
    log_in(page, live_server, company, Role.DISPATCHER)

    for width in (390, 800, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + path_of(suggestion))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
