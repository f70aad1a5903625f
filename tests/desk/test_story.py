"""The story of a target: every room's part in order, with differences, and nothing of others."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, TimelineEntry
from customers.services.timeline import Happening, record_timeline
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant, User
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.models import Target
from targets.visits.models import Appointment, BillingEvent, VisitReport
from tests import factories
from tests.admin.conftest import THEIRS, LogIn, Rows
from tests.admin.world import item_of, job_of
from tests.routes.rows import target as target_of
from tests.visits.rows import appointment, employee
from tests.webhooks import rows as hooks
from webhooks.models import Delivery, Event

FIND = "/admin/story/"
LINE = re.compile(r'<span class="desk-what"><strong>(.*?)</strong>', re.DOTALL)


def story_of(target: Target, query: str = "") -> str:
    return f"{FIND}{target.pk}/{query}"


def shown(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def lines(browser: Client, target: Target, query: str = "") -> list[str]:
    return LINE.findall(shown(browser, story_of(target, query)))


def sent(client: IntegrationClient, target: Target, payload: dict[str, Any], **fields: Any) -> ImportItem:
    job = job_of(client, correlation_id=fields.pop("correlation_id", "c"))
    whole = {"externalId": target.external_id, **payload}
    return item_of(job, external_id=target.external_id, target=target, payload=whole, **fields)


@pytest.fixture
def visited(tenant: Tenant, erp: IntegrationClient) -> Target:
    """A target that went all the way: sent, planned, visited, reported, billed, told."""
    target = target_of(tenant, external_id="JOB-2026-1", title="Maintenance visit")
    sent(erp, target, {"title": "Visit"}, correlation_id="corr-9")
    sent(erp, target, {"title": "Maintenance visit"}, result="Updated")
    visit = appointment(target, employee(tenant, name="Anna"), timezone.now(), status="Completed")
    heard = timezone.now() + timedelta(seconds=1)
    Appointment.objects.update(started_at=heard, start_heard_at=heard, ended_at=heard, end_heard_at=heard)
    report = VisitReport.objects.create(
        tenant=tenant,
        appointment=visit,
        employee=visit.employee,
        status="Approved",
        result="Successful",
        submission_heard_at=heard,
        decided_at=heard,
        billing_status="Sent",
    )
    BillingEvent.objects.create(tenant=tenant, report=report, status="Sent", ready_at=heard, sent_at=heard)
    hook = hooks.subscription(erp, "target.*", "visit_report.*", description="ERP production")
    for label, pk, kind in (
        ("targets.target", target.pk, "target.imported"),
        ("visits.visitreport", report.pk, "visit_report.approved"),
    ):
        event = hooks.event(erp, kind, subject_type=label, subject_id=pk, correlation_id="corr-9")
        over = {"status": "Delivered", "due_at": None, "finished_at": timezone.now(), "attempt_count": 2}
        hooks.delivery(hook, event, **over)
    return target


def test_a_story_has_a_line_from_every_room(visited: Target, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    told = " / ".join(lines(browser, visited, "?order=oldest"))

    for part in (
        "Created. Sent by",
        "Updated. Sent by",
        "Planned for Anna",
        "Begun by Anna",
        "Completed by Anna",
        "Handed in: Successful",
        "Approved by the system",
        "Billing event made",
        "Ready to bill",
        "target.imported",
        "visit_report.approved",
    ):
        assert part in told
    page = shown(browser, story_of(visited))
    assert "delivered after 2 attempts: ERP production" in page
    for row in (ImportItem.objects.first(), VisitReport.objects.get(), BillingEvent.objects.get()):
        assert row is not None
        assert f"/{row._meta.model_name}/{row.pk}/change/" in page


def test_the_order_can_be_turned(visited: Target, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)

    newest, oldest = lines(browser, visited), lines(browser, visited, "?order=oldest")

    assert newest == oldest[::-1]
    assert oldest[0].startswith("Created. Sent by")


def test_differences_stand_beside_what_was_known(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    target = target_of(tenant, external_id="D-1")
    sent(erp, target, {"title": "Old words", "planning": {"priority": "High"}})
    sent(erp, target, {"title": "New words", "planning": {"priority": None}}, result="Updated")

    page = shown(log_in(Role.SUPPORT), story_of(target))

    assert "<del>Old words</del>" in page
    assert "<ins>New words</ins>" in page
    assert re.search(r"planning\.priority</th>.*?<del>High</del>.*?cleared", page, re.DOTALL)


def test_what_was_refused_or_only_tried_changes_nothing_that_is_known(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    target = target_of(tenant, external_id="D-2")
    sent(erp, target, {"title": "First"})
    refusal = {"status": "Rejected", "result": "", "error_code": "target_closed", "error_message": "Closed."}
    sent(erp, target, {"title": "Refused"}, **refusal)
    tried = sent(erp, target, {"title": "Tried"}, result="Updated")
    ImportJob.objects.filter(pk=tried.job_id).update(validate_only=True)
    sent(erp, target, {"title": "Second"}, result="Updated")

    told = lines(log_in(Role.SUPPORT), target, "?order=oldest")
    page = shown(log_in_again(tenant), story_of(target))

    assert told[1].startswith("Rejected: target_closed")
    assert told[2].startswith("Updated. Tried out by")
    assert page.count("<del>First</del>") == 3
    assert "<del>Tried</del>" not in page


def log_in_again(tenant: Tenant) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email=f"support@{tenant.slug}.example"))
    return browser


def test_changes_by_hand_are_told_with_their_author(visited: Target, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    person = User.objects.get(email__startswith="manager@")
    line = Happening(visited, "target.updated", {"fields": ["priority"]})
    record_timeline([line], tenant_id=visited.tenant_id, actor=person)

    assert f"Target updated by {person}: priority" in lines(browser, visited)


def test_decisions_about_records_in_doubt_are_part_of_it(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    target = target_of(tenant, external_id="D-3")
    sent(erp, target, {"title": "V", "customer": {"externalId": "C-1", "name": "Rhein"}})
    MappingReview.objects.create(
        tenant=tenant,
        source_system=erp.source_system,
        client=erp,
        kind="customer",
        record_key="C-1",
        external_id="C-1",
        reason="ambiguous_customer",
        record={"name": "Rhein"},
        status="dismissed",
        decided_at=timezone.now(),
    )

    told = lines(log_in(Role.SUPPORT), target)

    assert "Customer Rhein is in doubt: ambiguous customer" in told
    assert "Customer Rhein: dismissed by the system" in told


def test_follow_ups_are_told_and_lead_back(visited: Target, log_in: LogIn) -> None:
    after = target_of(visited.tenant, external_id=None, title="Second look", follow_up_of=visited)
    browser = log_in(Role.MANAGER)

    assert "Follow-up made: Second look (open)" in lines(browser, visited)
    assert f'href="{story_of(after)}"' in shown(browser, story_of(visited))
    assert f'href="{story_of(visited)}"' in shown(browser, story_of(after))


def test_a_dispatcher_sees_no_events_and_support_sees_them(visited: Target, log_in: LogIn) -> None:
    assert "target.imported" not in lines(log_in(Role.DISPATCHER), visited)
    assert "target.imported" in lines(log_in(Role.SUPPORT), visited)


def test_a_long_history_comes_in_pages_without_gaps_or_doubles(
    tenant: Tenant, erp: IntegrationClient, log_in: LogIn
) -> None:
    target = target_of(tenant, external_id="LONG")
    begin = datetime(2026, 7, 1, 8, tzinfo=UTC)
    for number in range(100):
        item = sent(erp, target, {"title": f"Title {number}"}, result="Updated")
        # Four at a time share a moment.
        ImportJob.objects.filter(pk=item.job_id).update(created_at=begin + timedelta(minutes=number // 4))
    browser = log_in(Role.SUPPORT)
    for order in ("", "?order=oldest"):
        seen: list[str] = []
        path: str | None = story_of(target, order)
        while path:
            page = shown(browser, path)
            seen += re.findall(r"with job (\d+)</strong>", page)
            onward = re.search(r'href="([^"]*)" rel="next"', page)
            path = onward[1].replace("&amp;", "&") if onward else None
            assert len(seen) <= 100
        jobs = [str(pk) for pk in ImportJob.objects.order_by("id").values_list("pk", flat=True)]
        assert sorted(seen, key=int) == jobs
    # On a later page, too, is known what the page before it left: nothing counts as new twice.
    assert "<del>Title 0</del>" in page or "<ins>Title 99</ins>" in page


def test_a_story_costs_the_same_however_long_it_is(
    visited: Target, erp: IntegrationClient, log_in: LogIn
) -> None:
    browser = log_in(Role.MANAGER)
    counts = []
    for number in (1, 30):
        for _ in range(number):
            sent(erp, visited, {"title": "again", "customer": {"externalId": f"C{number}"}})
            event = hooks.event(erp, subject_type="targets.target", subject_id=visited.pk)
            hooks.delivery(hooks.subscription(erp), event)
        with CaptureQueriesContext(connection) as captured:
            shown(browser, story_of(visited))
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 22


def test_others_stories_are_not_found(ours: Rows, theirs: Rows, log_in: LogIn) -> None:
    browser = log_in(Role.ADMIN)

    assert browser.get(story_of(theirs[Target])).status_code == 404
    for term in (
        theirs[Target].external_id,
        theirs[ImportJob].correlation_id,
        str(theirs[ImportJob].pk),
        theirs[Customer].number,
        theirs[Event].correlation_id,
        theirs[Event].public_id,
        theirs[Delivery].public_id,
    ):
        page = shown(browser, f"{FIND}?q={term}")
        assert "No target is known" in page, term
        assert f"/story/{theirs[Target].pk}/" not in page


def test_a_story_shows_nothing_of_others(ours: Rows, theirs: Rows, log_in: LogIn) -> None:
    # The same external id in both tenants, as it may be.
    ImportItem.objects.update(external_id="SAME")
    Target.objects.update(external_id="SAME")

    page = shown(log_in(Role.ADMIN), story_of(ours[Target]))

    assert THEIRS not in page
    assert "ourword" in page


@pytest.mark.parametrize(
    "term",
    ["JOB-2026-1", "corr-9", "{job}", "{event}", "{delivery}", "{customer}"],
)
def test_a_story_is_found_by_what_people_have_in_hand(visited: Target, log_in: LogIn, term: str) -> None:
    customer = Customer.objects.create(tenant=visited.tenant, name="Rhein", number="K-1")
    Target.objects.filter(pk=visited.pk).update(customer=customer)
    event, delivery = Event.objects.order_by("id").last(), Delivery.objects.order_by("id").last()
    item = ImportItem.objects.order_by("id").first()
    assert event
    assert delivery
    assert item
    known = {"job": item.job_id, "event": event.public_id, "delivery": delivery.public_id, "customer": "K-1"}

    answer = log_in(Role.SUPPORT).get(FIND, {"q": term.format(**known)})

    assert answer.status_code == 302
    assert answer.headers["Location"] == story_of(visited)


def test_several_targets_are_offered_with_what_found_them(tenant: Tenant, log_in: LogIn) -> None:
    customer = Customer.objects.create(tenant=tenant, name="Rhein", number="K-2")
    both = [target_of(tenant, customer=customer) for _ in range(2)]

    page = shown(log_in(Role.SUPPORT), f"{FIND}?q=K-2")

    for one in both:
        assert f'href="{story_of(one)}"' in page
    assert page.count(">customer</td>") == 2


def test_an_unknown_term_leads_on_to_the_items(tenant: Tenant, log_in: LogIn) -> None:
    page = shown(log_in(Role.SUPPORT), f"{FIND}?q=%3Cb%3E")

    assert "No target is known by “&lt;b&gt;”" in page
    assert "/admin/imports/importitem/?q=%3Cb%3E" in page


@pytest.mark.parametrize(
    "path", ["?beyond=x", "?beyond=2026-13-01T00:00:00Z", "?order=x", "?beyond=2026-01-01"]
)
def test_odd_questions_tell_the_story_from_its_begin(visited: Target, log_in: LogIn, path: str) -> None:
    assert len(lines(log_in(Role.SUPPORT), visited, path)) > 5


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_unknown_targets_have_no_story(log_in: LogIn, pk: str) -> None:
    assert log_in(Role.SUPPORT).get(f"{FIND}{pk}/").status_code == 404


def test_employees_and_strangers_hear_no_story(visited: Target, log_in: LogIn) -> None:
    for browser in (log_in(Role.EMPLOYEE), Client()):
        for path in (story_of(visited), FIND):
            assert browser.get(path).headers["Location"].startswith("/admin/login/")


def test_other_pages_lead_to_the_story(visited: Target, log_in: LogIn) -> None:
    browser = log_in(Role.ADMIN)
    item, delivery = ImportItem.objects.first(), Delivery.objects.first()
    assert item
    assert delivery
    href = story_of(visited)

    assert f'href="{href}"' in shown(browser, f"/admin/imports/importitem/{item.pk}/change/")
    assert "/admin/story/?q=evt_" in shown(browser, f"/admin/webhooks/delivery/{delivery.pk}/change/")
    button = re.search(
        r'href="([^"]*/story[^"]*)"', shown(browser, f"/admin/targets/target/{visited.pk}/change/")
    )
    assert button
    assert browser.get(button[1]).headers["Location"] == href


def test_the_test_twin_has_stories_of_its_own(tenant: Tenant, log_in: LogIn) -> None:
    twin = factories.twin(tenant)
    hidden = target_of(twin, external_id="TWIN-1")

    assert log_in(Role.ADMIN).get(story_of(hidden)).status_code == 404


def test_every_round_of_a_report_is_told_once(visited: Target, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    person = User.objects.get(email__startswith="manager@")
    report = VisitReport.objects.get()
    for action, details in (
        ("visit_report.submitted", {}),
        ("visit_report.rejected", {"reason": "Which filter?"}),
        ("visit_report.submitted", {}),
        ("visit_report.approved", {}),
    ):
        line = Happening(visited, action, {"visitReportId": report.pk, **details})
        record_timeline([line], tenant_id=visited.tenant_id, actor=person)
    first = TimelineEntry.objects.filter(action="visit_report.submitted").order_by("id")[0]
    TimelineEntry.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=5))

    told = lines(browser, visited, "?order=oldest")

    assert f"Visit report submitted by {person}" in told
    assert f"Visit report rejected by {person}: Which filter?" in told
    assert sum("ubmitted by" in line or "Handed in" in line for line in told) == 2
    assert sum("pproved by" in line for line in told) == 1
