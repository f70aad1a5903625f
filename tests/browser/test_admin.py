"""The admin with a real browser: logging in, finding a failed import, issuing a key."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from integrations.models import ApiKey, IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role, Tenant
from ordinavo.tenants.services.members import add_member
from targets.imports.models import ImportJob, MappingReview
from tests import factories
from tests.admin.world import item_of, job_of, world
from tests.webhooks import rows as hooks
from webhooks.models import Attempt, Delivery, Subscription

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "correct horse battery"


@pytest.fixture
def client(transactional_db: None) -> IntegrationClient:
    sync_roles()
    return factories.client(factories.tenant(name="Browser Company"))


def log_in(page: Page, server: LiveServer, tenant: Tenant, role: Role) -> None:
    add_member(tenant=tenant, email="p@x.example", role=role, password=PASSWORD)
    page.goto(f"{server.url}/admin/")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("P@x.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Start")).to_be_visible()


def test_support_finds_out_why_an_import_failed_with_one_search_and_one_click(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    job = job_of(client, status="Failed", correlation_id="erp-4711", created_items=0, rejected_items=1)
    item_of(
        job,
        external_id="JOB-77",
        status="Rejected",
        result="",
        error_code="validation_failed",
        error_message="One or more fields are invalid.",
        errors=[{"path": "title", "code": "blank", "message": "May not be empty."}],
        payload={"externalId": "JOB-77", "title": ""},
    )
    log_in(page, live_server, client.tenant, Role.SUPPORT)

    page.get_by_label("External id, correlation id or job number").fill("erp-4711")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="JOB-77").click()

    expect(page.get_by_text("May not be empty.")).to_be_visible()
    expect(page.locator("mark.ord-fault")).to_have_text('  "title": ""')


def test_an_administrator_issues_a_key_and_sees_it_once(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    log_in(page, live_server, client.tenant, Role.ADMIN)
    page.get_by_role("link", name="Integration clients").click()
    page.get_by_role("link", name=client.name).click()
    page.get_by_role("link", name="Issue a key").click()
    page.get_by_label("Label").fill("ERP production")
    page.get_by_role("button", name="Issue key").click()

    secret = page.locator("#secret").inner_text()
    assert re.fullmatch(r"fio_live_[0-9A-Za-z]{36}", secret)
    page.locator('[data-copy="secret"]').click()
    expect(page.locator('[data-copy="secret"]')).to_have_text(re.compile("Copied|Press Ctrl-C"))
    page.get_by_role("link", name="I have stored it").click()

    expect(page.get_by_text("ERP production")).to_be_visible()
    assert secret not in page.content()
    assert ApiKey.objects.get().label == "ERP production"


def test_support_sees_why_a_delivery_failed_watches_it_arrive_and_sends_it_again(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    hook = hooks.subscription(client, description="ERP production")
    delivery = hooks.delivery(hook, hooks.event(client), status="Retrying", attempt_count=1)
    made = {"tenant": client.tenant, "subscription": hook, "delivery": delivery, "duration_ms": 30}
    Attempt.objects.create(**made, started_at=timezone.now(), error="connection_refused")
    log_in(page, live_server, client.tenant, Role.SUPPORT)

    page.get_by_role("link", name="Deliveries").first.click()
    page.get_by_role("link", name=delivery.public_id).click()
    expect(page.get_by_text("Nothing listens there")).to_be_visible()
    Attempt.objects.create(**made, started_at=timezone.now(), status_code=200)
    over = {"status": "Delivered", "due_at": None, "finished_at": timezone.now()}
    Delivery.objects.update(attempt_count=2, **over)

    expect(page.get_by_role("heading", name="2 attempts")).to_be_visible()
    expect(page.locator("#delivery-live[hx-trigger]")).to_have_count(0)
    page.get_by_role("link", name="Send again").click()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("is on its way.")).to_be_visible()
    assert Delivery.objects.get(redelivery_of=delivery).status == "Pending"


def test_the_keyboard_reaches_the_sidebar_on_a_narrow_screen(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    log_in(page, live_server, client.tenant, Role.SUPPORT)
    page.set_viewport_size({"width": 1024, "height": 800})
    link = page.get_by_role("link", name="Import jobs")
    expect(link).not_to_be_visible()

    page.get_by_role("button", name="Show or hide the sidebar").locator("visible=true").press("Enter")

    expect(link).to_be_visible()


def test_no_page_loads_anything_from_another_host(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    asked: list[str] = []
    rows = world(client.tenant, "Rhein")
    job, review = rows[ImportJob], rows[MappingReview]

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    log_in(page, live_server, client.tenant, Role.ADMIN)
    for path in (
        "imports/importjob/",
        f"imports/importjob/{job.pk}/change/",
        f"imports/mappingreview/{review.pk}/change/?q=Rhein",
        "customers/customer/add/",
        f"webhooks/delivery/{rows[Delivery].pk}/change/",
        f"webhooks/subscription/{rows[Subscription].pk}/change/",
        f"integrations/integrationclient/{client.pk}/change/",
    ):
        page.goto(f"{live_server.url}/admin/{path}")

    assert asked
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
