"""The content security policy with a real browser: no page of the admin breaks it, and its scripts work."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from integrations.models import IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.middleware import SESSION_KEY
from ordinavo.tenants.models import Tenant, User
from targets.models import Target
from tests import factories
from tests.admin.world import path_of, world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Collected in the page, since the console would not say which page it was.
LISTEN = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture
def rows(transactional_db: None) -> dict[type[Model], Any]:
    sync_roles()
    return world(factories.tenant(name="Strict Company"), "Rhein")


@pytest.fixture
def staff_page(page: Page, live_server: LiveServer, rows: dict[type[Model], Any]) -> Page:
    """The browser of an operator who works in the tenant."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator@x.example"))
    session = client.session
    session[SESSION_KEY] = rows[IntegrationClient].tenant_id
    session.save()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.add_init_script(LISTEN)
    return page


def paths(rows: dict[type[Model], Any]) -> list[str]:
    request: Any = RequestFactory().get("/")
    request.user, request.tenant = User.objects.get(is_superuser=True), rows[Tenant]
    found = ["/admin/", "/admin/password_change/", "/admin/second-factor/set-up/", "/api/connect/v1/docs"]
    for model, row in rows.items():
        found += [path_of(model, "changelist"), path_of(model, "change", row.pk)]
        if admin.site.get_model_admin(model).has_add_permission(request):
            found.append(path_of(model, "add"))
    return found


def test_no_page_of_the_admin_breaks_the_policy(
    staff_page: Page, live_server: LiveServer, rows: dict[type[Model], Any]
) -> None:
    broken = {}
    for path in paths(rows):
        staff_page.goto(f"{live_server.url}{path}", wait_until="load")
        if found := staff_page.evaluate("window.broken"):
            broken[path] = found
    assert broken == {}


def test_the_scripts_of_the_admin_work_under_the_policy(
    staff_page: Page, live_server: LiveServer, rows: dict[type[Model], Any]
) -> None:
    staff_page.goto(f"{live_server.url}{path_of(IntegrationClient, 'change', rows[IntegrationClient].pk)}")
    mapping = staff_page.get_by_label("Mapping strategy")
    expect(mapping).to_be_hidden()
    staff_page.get_by_text("From where", exact=True).click()
    expect(staff_page.get_by_label("IP allowlist")).to_be_visible()

    staff_page.get_by_text("unfold_more").click()
    staff_page.get_by_text("Dark", exact=True).click()
    expect(staff_page.locator("html")).to_have_class("dark")
    staff_page.reload()
    expect(staff_page.locator("html")).to_have_class("dark")

    staff_page.goto(f"{live_server.url}{path_of(Target, 'changelist')}")
    staff_page.locator('input[name="_selected_action"]').check()
    expect(staff_page.locator("#changelist-actions")).to_be_visible()
    assert staff_page.evaluate("window.broken") == []
