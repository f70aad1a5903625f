"""Billing events in the admin: what waits and why, telling again, marking as sent, and the file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from targets.visits.models import BillingEvent, VisitReport
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.outcomes import BILLS, bill_page, bill_verb, listed, page, said, text_of
from tests.visits.deciding import approved, bill_of, customer, fresh, handed_in, listener, ready_deliveries
from webhooks.models import Delivery

TELL, MARK, MINUTES = "tell", "mark_sent", "enter_minutes"


@pytest.fixture
def manager(log_in: LogIn) -> Client:
    return log_in(Role.MANAGER)


@pytest.fixture
def ready(tenant: Tenant, erp: IntegrationClient) -> BillingEvent:
    """Told to one receiver; the delivery is due."""
    listener(erp, "billing.*", description="ERP hook")
    of = {"customer": customer(tenant), "external_id": "JOB-77", "title": "Maintenance"}
    return bill_of(approved(handed_in(tenant, of=of)))


@pytest.fixture
def pending(tenant: Tenant) -> BillingEvent:
    return bill_of(approved(handed_in(tenant)))


def failed(bill: BillingEvent) -> BillingEvent:
    ends = {"status": "Failed", "due_at": None, "finished_at": timezone.now()}
    Delivery.objects.filter(event_type="billing.event_ready").update(**ends)
    BillingEvent.objects.filter(pk=bill.pk).update(status="Failed", failed_at=timezone.now())
    return BillingEvent.objects.get(pk=bill.pk)


def push(browser: Client, bill: BillingEvent, verb: str, **given: Any) -> Any:
    return browser.post(bill_action(bill, verb), given, follow=True)


def bill_action(bill: BillingEvent, verb: str) -> str:
    return bill_verb(bill, verb)


def test_the_list_says_what_each_waits_for_and_can_be_narrowed(
    manager: Client, ready: BillingEvent, pending: BillingEvent
) -> None:
    assert listed(manager, BILLS) == [pending.pk, ready.pk]
    assert listed(manager, BILLS, status="Ready") == [ready.pk]
    assert listed(manager, BILLS, waits="customer") == [pending.pk]
    assert listed(manager, BILLS, waits="minutes") == []
    for term in ("JOB-77", str(ready.pk), "Rhein-Ruhr"):
        assert ready.pk in listed(manager, BILLS, q=term), term
    text = text_of(manager, BILLS)
    assert page(ready.report) in text
    assert "Customer" in text


def test_the_page_leads_to_report_target_and_deliveries(manager: Client, ready: BillingEvent) -> None:
    [delivery] = ready_deliveries()
    text = text_of(manager, bill_page(ready))
    target = ready.report.appointment.target_id
    for path in (page(ready.report), f"/admin/targets/target/{target}/change/", f"/admin/story/{target}/"):
        assert path in text
    assert f"/admin/webhooks/delivery/{delivery.pk}/change/" in text
    assert "ERP hook" in text
    assert bill_page(ready) in text_of(manager, page(ready.report))


def test_a_failed_one_is_told_again(manager: Client, ready: BillingEvent, pending: BillingEvent) -> None:
    bill = failed(ready)
    # Where the notice leads to.
    assert listed(manager, BILLS, status="Failed") == [bill.pk]
    answer = push(manager, bill, TELL)
    assert said(answer) == ["1 delivery is on the way once more."]
    assert [one.by_hand for one in ready_deliveries()] == [False, True]
    again = push(manager, bill, TELL)
    assert "It is on its way" in again.content.decode()
    assert len(ready_deliveries()) == 2


def test_marking_as_sent_asks_once_more_and_is_written_down(manager: Client, pending: BillingEvent) -> None:
    assert "can&#x27;t be taken back" in text_of(manager, bill_action(pending, MARK))
    answer = push(manager, pending, MARK)
    assert said(answer) == [f"Billing event {pending.pk} is marked as sent."]
    done = bill_of(pending.report)
    assert (done.status, fresh(done.report).billing_status) == ("Sent", "Sent")
    assert AuditEntry.objects.get(action="billing_event.marked_sent").actor == done.marked_by
    assert "manager@" in text_of(manager, bill_page(pending))


def test_minutes_can_be_entered_while_it_is_pending(manager: Client, pending: BillingEvent) -> None:
    assert push(manager, pending, MINUTES, minutes="0").status_code == 200
    assert push(manager, pending, MINUTES, minutes="x").status_code == 200
    answer = push(manager, pending, MINUTES, minutes="25")
    assert said(answer) == ["The minutes are saved."]
    assert bill_of(pending.report).work_minutes == 25


def test_several_are_done_at_once_and_those_that_cannot_be_are_named(
    manager: Client, ready: BillingEvent, pending: BillingEvent
) -> None:
    bill = failed(ready)
    form = {"action": "tell_selected", "_selected_action": [bill.pk, pending.pk]}
    question = manager.post(BILLS, form, follow=True)
    assert "Tell again: 2 billing events" in question.content.decode()
    answer = manager.post(f"{BILLS}several/tell/?events={bill.pk},{pending.pk}", follow=True)
    told, left = said(answer)
    assert told == "1 told again."
    assert left.startswith(f"Left: {pending.pk}: It is not ready yet")
    answer = manager.post(f"{BILLS}several/mark/?events={bill.pk},{pending.pk}", follow=True)
    assert said(answer) == ["2 marked as sent."]
    assert manager.get(f"{BILLS}several/burn/").status_code == 404


def test_support_sees_bills_but_changes_none(log_in: LogIn, ready: BillingEvent) -> None:
    support = log_in(Role.SUPPORT)
    text_of(support, bill_page(ready))
    for verb in (TELL, MARK, MINUTES):
        assert support.post(bill_action(ready, verb)).status_code == 403
    assert support.post(f"{BILLS}several/mark/?events={ready.pk}").status_code == 403
    assert bill_of(ready.report).status == "Ready"


def test_dispatchers_see_no_bills(log_in: LogIn, ready: BillingEvent) -> None:
    dispatcher = log_in(Role.DISPATCHER)
    for path in (BILLS, bill_page(ready), f"{BILLS}export.csv"):
        assert dispatcher.get(path).status_code == 403


def test_bills_of_others_are_not_found(manager: Client) -> None:
    theirs = bill_of(approved(handed_in(factories.tenant())))
    for verb in (TELL, MARK, MINUTES):
        assert manager.post(bill_action(theirs, verb)).status_code in {302, 403, 404}
    manager.post(f"{BILLS}several/mark/?events={theirs.pk}")
    assert bill_of(theirs.report).status == "Pending"


def exported(browser: Client, **query: Any) -> list[dict[str, str]]:
    answer: Any = browser.get(f"{BILLS}export.csv", query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="billing-events.csv"'
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def test_the_file_holds_what_the_list_shows_and_nothing_of_others(
    manager: Client, ready: BillingEvent, pending: BillingEvent
) -> None:
    approved(handed_in(factories.tenant()))
    rows = exported(manager)
    assert [row["billingEventId"] for row in rows] == [str(ready.pk), str(pending.pk)]
    first = rows[0]
    assert (first["externalId"], first["customerName"]) == ("JOB-77", "Rhein-Ruhr Medical Supply")
    assert (first["workMinutes"], first["travelMinutes"], first["status"]) == ("40", "10", "Ready")
    assert rows[1]["customerId"] == ""
    assert [row["status"] for row in exported(manager, status="Pending")] == ["Pending"]
    assert [row["externalId"] for row in exported(manager, q="JOB-77")] == ["JOB-77"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_cells_that_a_spreadsheet_would_run_are_defused(manager: Client, tenant: Tenant, start: str) -> None:
    approved(handed_in(tenant, of={"title": f"{start}SUM(A1)", "customer": customer(tenant, f"{start}x")}))
    [row] = exported(manager)
    assert (row["title"], row["customerName"]) == (f"'{start}SUM(A1)", f"'{start}x")


def test_nobody_exports_the_bills_of_all_tenants(operator: Client, pending: BillingEvent) -> None:
    assert operator.get(f"{BILLS}export.csv").status_code == 200
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})
    assert operator.get(f"{BILLS}export.csv").status_code == 403


def test_a_report_of_a_sent_bill_says_so(manager: Client, ready: BillingEvent) -> None:
    push(manager, ready, MARK)
    assert VisitReport.objects.get().billing_status == "Sent"
    assert ">Sent<" in text_of(manager, page(ready.report))
