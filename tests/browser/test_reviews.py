"""The review desk with one hand: keys decide, the next one comes, U takes back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role
from targets.imports.models import MappingReview
from targets.models import Target
from tests import factories
from tests.api import Api
from tests.browser.test_admin import log_in
from tests.customers.rows import customer
from tests.imports.mapped import mapped

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def client(transactional_db: None) -> IntegrationClient:
    sync_roles()
    return factories.client(
        factories.tenant(name="Browser Company"), mapping_strategy="ExternalIdThenCustomerNumber"
    )


@pytest.fixture
def pair(client: IntegrationClient) -> list[Customer]:
    """Two customers, and three doubts about them."""
    pair = [customer(client.tenant, number="K-1", name=name) for name in ("Rhein Ruhr", "Stahl AG")]
    for name in ("Alpha", "Beta", "Gamma"):
        sent = {"externalId": name, "name": name, "customerNumber": "K-1"}
        mapped(Api(client), externalId=f"T-{name}", customer=sent)
    return pair


def states() -> dict[str, str]:
    return dict(MappingReview.objects.values_list("external_id", "status"))


def test_keys_link_skip_create_and_take_back(
    page: Page, live_server: LiveServer, client: IntegrationClient, pair: list[Customer]
) -> None:
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/imports/mappingreview/")
    page.get_by_role("link", name="Work them off").click()
    heading = page.locator("#review-name")
    expect(heading).to_be_focused()
    expect(heading).to_contain_text("Alpha")

    page.keyboard.press("2")
    expect(page.get_by_text("Alpha: Linked to Stahl AG.")).to_be_visible()
    expect(heading).to_contain_text("Beta")
    page.keyboard.press("s")
    expect(heading).to_contain_text("Gamma")
    page.get_by_placeholder("Link to another one").press("n")
    expect(heading).to_contain_text("Gamma")
    heading.focus()
    page.keyboard.press("n")
    expect(page.get_by_text("Gamma: The customer was created.")).to_be_visible()
    expect(heading).to_contain_text("Beta")
    assert states() == {"Alpha": "linked", "Beta": "open", "Gamma": "created"}

    page.keyboard.press("u")
    expect(page.get_by_text("The customer Gamma is deleted, since nothing else uses it.")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("Gamma")
    expect(page.get_by_text("Gamma: the decision is taken back.")).to_be_visible()
    assert states() == {"Alpha": "linked", "Beta": "open", "Gamma": "open"}
    assert Target.objects.get(customer=pair[1]).external_id == "T-Alpha"
    assert not Customer.objects.filter(name="Gamma").exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_can_be_read_by_everybody(
    scheme: str, page: Page, live_server: LiveServer, client: IntegrationClient, pair: list[Customer]
) -> None:
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    review = MappingReview.objects.earliest("pk").pk
    base = f"{live_server.url}/admin/imports/mappingreview/"
    for path in (f"{review}/change/", f"{review}/correct/{pair[0].pk}/", "accept/", f"try/{client.pk}/"):
        page.goto(base + path)
        found = Axe().run(page, "#content-main")
        serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
