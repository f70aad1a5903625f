"""Imports in a real browser: deciding about a doubt, watching a job, sending refused items again."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Role
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.imports.pipeline.chunk import work_chunk
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
def doubtful(client: IntegrationClient) -> list[Customer]:
    """Two customers with the number that an import names."""
    pair = [customer(client.tenant, number="K-1", name=name) for name in ("Rhein Ruhr", "Stahl AG")]
    mapped(Api(client), customer={"externalId": "C-1", "name": "Rhein-Ruhr", "customerNumber": "K-1"})
    return pair


def batch(client: IntegrationClient, *titles: str) -> ImportJob:
    items = [{"externalId": f"T-{number}", "title": title} for number, title in enumerate(titles)]
    answer: Any = Api(client).post("/inbound/targets/batch", {"items": items})
    return ImportJob.objects.get(pk=answer.json()["importJobId"])


def test_a_manager_finds_the_doubt_on_the_start_page_links_it_and_sees_the_target_linked(
    page: Page, live_server: LiveServer, client: IntegrationClient, doubtful: list[Customer]
) -> None:
    log_in(page, live_server, client.tenant, Role.MANAGER)
    expect(page.get_by_text("1 import waits")).to_be_visible()
    page.get_by_role("link", name="Rhein-Ruhr").click()

    expect(page.get_by_role("cell", name="(differs)")).to_have_count(2)
    page.get_by_role("button", name="Link to Stahl AG").click()

    expect(page.get_by_text("Linked to Stahl AG.").first).to_be_visible()
    expect(page.get_by_text("Nothing else waits for a decision here.")).to_be_visible()
    page.goto(f"{live_server.url}/admin/imports/mappingreview/{MappingReview.objects.get().pk}/change/")
    expect(page.get_by_role("button", name="Link to")).to_have_count(0)
    page.get_by_role("link", name="Visit").click()
    expect(page.get_by_role("link", name="Stahl AG").first).to_be_visible()
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_text("No record is in doubt.")).to_be_visible()
    assert Target.objects.get().customer == doubtful[1]


def test_the_keyboard_alone_searches_and_links(
    page: Page, live_server: LiveServer, client: IntegrationClient, doubtful: list[Customer]
) -> None:
    found = customer(client.tenant, number="K-77", name="Pumpen Nord")
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/imports/mappingreview/{MappingReview.objects.get().pk}/change/")

    page.get_by_label("Number, start of the name or external id").focus()
    page.keyboard.type("K-77")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Link to Pumpen Nord")
    expect(button).to_be_visible()
    page.get_by_label("Number, start of the name or external id").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Linked to Pumpen Nord.").first).to_be_visible()
    assert Target.objects.get().customer == found


def test_a_doubt_is_dismissed_after_a_second_thought(
    page: Page, live_server: LiveServer, client: IntegrationClient, doubtful: list[Customer]
) -> None:
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/imports/mappingreview/{MappingReview.objects.get().pk}/change/")
    expect(page.get_by_role("button", name="Dismiss for good")).not_to_be_visible()

    page.get_by_text("Dismiss", exact=True).press("Enter")
    page.get_by_role("button", name="Dismiss for good").press("Enter")

    expect(page.get_by_text("Dismissed: the customer stays unlinked")).to_be_visible()
    assert MappingReview.objects.get().status == "dismissed"


def test_the_page_of_a_job_follows_it_to_its_end_by_itself(
    page: Page, live_server: LiveServer, client: IntegrationClient, settings: Any
) -> None:
    settings.IMPORT_CHUNK = 2
    job = batch(client, "A", "B", "C", "", "D")
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/imports/importjob/{job.pk}/change/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    expect(page.get_by_text("1 of 5 items done")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "20")
    work_chunk(job.pk)
    expect(page.get_by_text("3 of 5 items done")).to_be_visible()
    work_chunk(job.pk)
    expect(page.get_by_role("link", name="Send refused items again")).to_be_visible()

    expect(page.get_by_role("progressbar")).to_have_count(0)
    polls = len([url for url in asked if url.endswith("/live/")])
    page.wait_for_timeout(3000)
    assert len([url for url in asked if url.endswith("/live/")]) == polls > 0


def test_selected_items_are_sent_again(
    page: Page, live_server: LiveServer, client: IntegrationClient
) -> None:
    job = batch(client, "", "", "Fine")
    work_chunk(job.pk)
    log_in(page, live_server, client.tenant, Role.MANAGER)
    page.goto(f"{live_server.url}/admin/imports/importjob/{job.pk}/change/")
    page.get_by_role("link", name="2 rejected").click()
    page.locator("tr", has_text="T-1").get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="Send refused and skipped items again")
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_text(f"was made with 1 items of job {job.pk}")).to_be_visible()
    assert ImportItem.objects.get(job__retry_of=job).external_id == "T-1"
