"""The start page: what each role sees first, and that numbers lead to lists that hold what they count."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ordinavo.kernel import liveness
from ordinavo.kernel.redis import client as broker
from ordinavo.tenants.models import Role, Tenant
from targets.imports.models import ImportItem, ImportJob
from tests import factories
from tests.admin.conftest import OURS, THEIRS, LogIn, Rows
from tests.admin.world import item_of, job_of, world

FIGURE = re.compile(
    r'<a class="desk-figure[^"]*" href="([^"]*)">\s*<strong>([^<]*)</strong> <span>([^<]*)</span>'
)


def page_of(browser: Client) -> str:
    answer = browser.get("/admin/")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def figures(browser: Client) -> dict[str, tuple[str, str]]:
    """By label: the number and its link."""
    found = FIGURE.findall(page_of(browser))
    return {label: (number, href.replace("&amp;", "&")) for href, number, label in found}


def headings(browser: Client) -> list[str]:
    return [text.strip() for text in re.findall(r"<h2>([^<]*)", page_of(browser))]


def test_a_manager_sees_what_waits_then_the_road(ours: Rows, log_in: LogIn) -> None:
    seen = headings(log_in(Role.MANAGER))

    assert seen[:4] == [
        "Why did an import fail?",
        "What happened to a target?",
        "Waiting for you",
        "On the road today",
    ]
    assert "Queues" not in seen
    assert "The whole house" not in seen


def test_support_sees_imports_and_deliveries_first(ours: Rows, log_in: LogIn) -> None:
    seen = headings(log_in(Role.SUPPORT))

    assert seen[2] == "Imports and deliveries"
    assert "Queues" in seen
    assert "Waiting for you" not in seen


def test_a_dispatcher_sees_the_road_and_no_receivers(ours: Rows, log_in: LogIn) -> None:
    seen = headings(log_in(Role.DISPATCHER))

    assert "On the road today" in seen
    assert not {"Receivers in trouble", "Notices", "Waiting for a decision"} & set(seen)


def test_an_operator_sees_the_house_before_a_tenant(ours: Rows, theirs: Rows, operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    assert headings(operator)[:2] == ["The whole house", "Queues"]
    assert figures(operator)["Tenants"][0] == "2"


def test_a_number_leads_to_what_it_counts(tenant: Tenant, log_in: LogIn) -> None:
    client = factories.client(tenant)
    refused = {"status": "Failed", "created_items": 0, "rejected_items": 1}
    # Numbers grow with time: the old one comes first.
    old = job_of(client, correlation_id="c", **refused, created_at=timezone.now() - timedelta(days=2))
    item_of(old, external_id="OLD", status="Rejected", result="", error_code="target_closed")
    for code in ("validation_failed", "validation_failed", "target_closed"):
        job = job_of(client, correlation_id="c", **refused)
        item_of(job, external_id=f"R-{job.pk}", status="Rejected", result="", error_code=code)
    browser = log_in(Role.SUPPORT)

    shown = figures(browser)
    page = page_of(browser)

    assert shown["Refused items"][0] == "3"
    listed = browser.get(shown["Refused items"][1]).content.decode()
    assert listed.count("R-") >= 3
    assert "OLD" not in listed
    [href] = re.findall(r'href="([^"]*)">2 validation_failed<', page)
    coded = browser.get(href.replace("&amp;", "&")).content.decode()
    assert "OLD" not in coded
    assert len(set(re.findall(r">(R-\d+)<", coded))) == 2


def test_every_number_leads_to_a_page(ours: Rows, log_in: LogIn, operator: Client) -> None:
    for browser in (log_in(Role.ADMIN), operator):
        shown = figures(browser)
        assert len(shown) >= 9
        for label, (_, href) in shown.items():
            answer = browser.get(href)
            # A filter that a list does not know would be dropped by a redirect.
            assert answer.status_code == 200, (label, href)


def test_jobs_of_the_last_day_are_told_from_older_ones(tenant: Tenant, log_in: LogIn) -> None:
    client = factories.client(tenant)
    job_of(client, correlation_id="older-one", created_at=timezone.now() - timedelta(hours=25))
    job_of(client, correlation_id="newer-one", created_at=timezone.now() - timedelta(hours=23))
    browser = log_in(Role.SUPPORT)

    count, href = figures(browser)["Imports"]
    listed = browser.get(href).content.decode()

    assert count == "1"
    assert "newer-one" in listed
    assert "older-one" not in listed


def test_numbers_end_at_ninety_nine(tenant: Tenant, log_in: LogIn) -> None:
    client = factories.client(tenant)
    for _ in range(101):
        job_of(client, correlation_id="c")

    assert figures(log_in(Role.SUPPORT))["Imports"][0] == "99+"


def test_the_oldest_waiting_job_is_named_with_its_age(tenant: Tenant, log_in: LogIn) -> None:
    client = factories.client(tenant)
    since = timezone.now() - timedelta(minutes=17)
    waiting = {"status": "Accepted", "created_items": 0, "pending_items": 1}
    job = job_of(client, correlation_id="c", created_at=since, **waiting)
    job_of(
        factories.client(factories.tenant()), correlation_id="c", created_at=since - timedelta(1), **waiting
    )

    shown, href = figures(log_in(Role.SUPPORT))["Oldest waiting job"]

    assert (shown, href) == ("17 min", f"/admin/imports/importjob/{job.pk}/change/")


def test_queues_tell_how_old_their_oldest_bell_is(tenant: Tenant, log_in: LogIn) -> None:
    sent = (timezone.now() - timedelta(minutes=15)).isoformat()
    broker().lpush("imports", f'{{"headers": {{"sent_at": "{sent}"}}}}')
    broker().lpush("imports", "not even JSON")

    page = page_of(log_in(Role.SUPPORT))

    assert "stuck" in page
    assert "15 min" in page
    assert page.count(">empty<") == 3


def test_workers_are_counted_while_they_are_heard(operator: Client) -> None:
    liveness.note_working("webhooks@somewhere")
    broker().zadd("ordinavo:workers:heard", {"gone@somewhere": 1_000_000.0})
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    page = page_of(operator)

    assert "webhooks@somewhere" in page
    assert "gone@somewhere" not in page


def test_without_a_worker_it_says_what_that_means(operator: Client) -> None:
    assert "No worker was heard" in page_of(operator)


def test_nothing_of_others_is_on_the_start_page(ours: Rows, theirs: Rows, log_in: LogIn) -> None:
    ImportItem.objects.update(status="Rejected", result="", error_code="validation_failed")
    ImportJob.objects.update(rejected_items=1, created_items=0)
    for role in (Role.ADMIN, Role.MANAGER, Role.DISPATCHER, Role.SUPPORT):
        page = page_of(log_in(role))
        assert THEIRS not in page, role
        assert OURS in page, role


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPPORT])
def test_an_empty_tenant_has_a_start_page_with_next_steps(log_in: LogIn, role: Role) -> None:
    assert "No visit is planned for today." in page_of(log_in(role))


def test_an_administrator_is_led_to_a_first_import(tenant: Tenant, log_in: LogIn) -> None:
    browser = log_in(Role.ADMIN)

    assert "First steps" in headings(browser)
    world(tenant, OURS)
    assert "First steps" not in headings(browser)
