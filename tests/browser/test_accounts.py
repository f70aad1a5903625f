"""How an employee gets into MyDay and out of it, with two real browsers: the office's and the phone's."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role, Tenant
from tests import factories
from tests.browser.test_admin import log_in
from tests.visits.phones import PASSWORD
from tests.visits.rows import employee

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def company(transactional_db: None) -> Tenant:
    sync_roles()
    return factories.tenant(name="Browser Company")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A narrow German phone, on which no script and no style of a page is refused."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="de-DE", has_touch=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert faults == []


def serious(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, if it keeps people out."""
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_an_employee_gets_in_by_a_link_loses_the_phone_and_gets_in_by_password(
    page: Page, phone: Page, live_server: LiveServer, company: Tenant
) -> None:
    ada = employee(company, name="Ada Berg")
    log_in(page, live_server, company, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/visits/employee/{ada.pk}/change/")
    page.get_by_role("link", name="Invite to MyDay").click()
    page.get_by_label("E-mail address").fill("ada@x.example")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_role("img", name="Code of the link")).to_be_visible()
    link = page.locator("#link").inner_text()

    phone.goto(link)
    expect(phone.get_by_role("heading", name="Willkommen, Ada Berg")).to_be_visible()
    assert serious(phone) == []
    phone.get_by_label("Neues Passwort").fill(PASSWORD)
    phone.get_by_label("Dasselbe Passwort noch einmal").fill(PASSWORD)
    phone.get_by_role("button", name="Passwort speichern").click()
    phone.wait_for_url(f"{live_server.url}/myday/")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360

    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Devices").click()
    page.get_by_role("link", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("of Ada Berg is signed out.")).to_be_visible()

    phone.goto(f"{live_server.url}/myday/account/")
    expect(phone.get_by_role("status").filter(has_text="abgemeldet")).to_be_visible()
    assert serious(phone) == []
    phone.get_by_label("E-Mail-Adresse").fill("Ada@x.example")
    phone.get_by_label("Passwort").fill(PASSWORD)
    phone.get_by_role("button", name="Anmelden").click()
    phone.wait_for_url(f"{live_server.url}/myday/account/")
    expect(phone.get_by_text("ada@x.example")).to_be_visible()
    assert serious(phone) == []
