"""The API's page as a developer meets it: read it, type in a key, send an example."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from targets.models import Target
from tests import factories
from tests.api import Api

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_developer_reads_the_page_and_sends_an_example(page: Page, live_server: LiveServer) -> None:
    api = Api(factories.client(factories.tenant(), **factories.ALL_SWITCHES))
    hosts, complaints = set[str](), list[str]()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda line: complaints.append(line.text))

    page.goto(f"{live_server.url}/api/connect/v1/docs")
    document = api.get("/openapi.json").json()
    described = [*document["paths"].values(), *document["webhooks"].values()]
    expect(page.locator(".opblock")).to_have_count(sum(len(operations) for operations in described))
    page.click("button.authorize")
    page.fill("input[aria-label='auth-bearer-value']", api.secret)
    page.click(".auth-btn-wrapper button.authorize")
    page.click(".btn-done")
    page.click("text=Import one target")
    page.click("text=Try it out")
    page.click("button.execute")

    expect(page.locator(".live-responses-table")).to_contain_text('"result": "Created"')
    assert Target.objects.get().external_id == "JOB-2026-000918"
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    assert complaints == []
