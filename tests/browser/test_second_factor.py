"""The second factor in a real browser: set up, logged in with, readable by all in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ordinavo.desk.roles import sync_roles
from ordinavo.tenants import totp
from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.models import Role, Tenant
from ordinavo.tenants.services.members import add_member
from ordinavo.tenants.services.second_factor import secret_of
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "correct horse battery"


@pytest.fixture
def strict(transactional_db: None) -> Tenant:
    sync_roles()
    tenant = factories.tenant(name="Strict Company", requires_second_factor=True)
    add_member(tenant=tenant, email="anna@x.example", role=Role.MANAGER, password=PASSWORD)
    return tenant


def enter(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/admin/targets/target/")
    page.get_by_label("E-mail address").fill("anna@x.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def code_now() -> str:
    SecondFactor.objects.update(last_step=0)
    return totp.code_of(secret_of(SecondFactor.objects.get()), totp.step_at(timezone.now().timestamp()))


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps people from using the page, in light and in dark."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")
        # Colours change slowly.
        page.wait_for_timeout(300)
        wrong = Axe().run(page).response["violations"]
        found += [
            f"{scheme} {one['id']}: {one['nodes'][0]['html'][:90]}"
            for one in wrong
            if one["impact"] in {"critical", "serious"}
        ]
    return found


def test_a_manager_sets_it_up_at_the_log_in_and_logs_in_with_it(
    page: Page, live_server: LiveServer, strict: Tenant
) -> None:
    enter(page, live_server)
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    page.get_by_text("It cannot scan?").click()
    assert barriers(page) == []
    page.get_by_label("Code").fill(code_now())
    page.get_by_role("button", name="Switch it on").click()
    codes = page.locator("#codes").inner_text().split()
    assert len(codes) == 10
    assert barriers(page) == []
    page.get_by_role("link", name="I have stored them").click()
    expect(page.get_by_role("heading", name="Start")).to_be_visible()

    page.context.clear_cookies()
    enter(page, live_server)
    assert barriers(page) == []
    page.get_by_label("Code").fill("000 000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This code is not right.")).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_label("Don't ask in this browser for 30 days").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#changelist")).to_be_visible()
