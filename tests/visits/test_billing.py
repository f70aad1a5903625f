"""Approved billable reports become triggers for bills: pending, ready, and told so in their order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound, ValidationFailed
from ordinavo.kernel.instants import instant
from ordinavo.tenants.models import AuditEntry, Tenant
from targets.imports.models import MappingReview
from targets.imports.services.reviews import link_review
from targets.models import Target
from targets.visits.models import BillingEvent, VisitReport
from targets.visits.services.billing import enter_minutes, make_complete_ready
from tests import factories
from tests.api import Api
from tests.imports.sending import imported, send
from tests.visits.deciding import approved, bill_of, customer, fresh, handed_in, listener
from tests.visits.field import scheduled, start, submit
from tests.visits.rows import employee
from tests.webhooks import rows as hooks
from tests.webhooks.telling import USUAL, told, types
from webhooks.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapped(tenant: Tenant) -> dict[str, Any]:
    return {"customer": customer(tenant)}


def states(report: VisitReport) -> tuple[str, str]:
    return bill_of(report).status, fresh(report).billing_status


def test_a_billable_report_of_a_known_customer_is_ready_in_the_same_transaction(
    erp: IntegrationClient, tenant: Tenant, mapped: dict[str, Any]
) -> None:
    listener(erp, "visit_report.approved", "billing.*")
    report = approved(handed_in(tenant, of=mapped))
    bill = bill_of(report)
    assert states(report) == ("Ready", "Ready")
    assert (bill.work_minutes, bill.travel_minutes, bill.tenant) == (40, 10, tenant)
    assert types() == ["visit_report.approved", "billing.event_created", "billing.event_ready"]
    assert [one["visitReport"]["billingStatus"] for one in told()] == ["NotReady", "Pending", "Ready"]
    assert [one["billingEvent"]["status"] for one in told()[1:]] == ["Pending", "Ready"]
    assert bill.ready_event == Event.objects.get(type="billing.event_ready").id
    assert bill.ready_at is not None


def test_what_is_not_billable_makes_no_billing_event(erp: IntegrationClient, tenant: Tenant) -> None:
    listener(erp, "visit_report.approved", "billing.*")
    report = approved(handed_in(tenant, is_billable=False))
    assert (report.billing_status, types()) == ("NotBillable", ["visit_report.approved"])
    assert not BillingEvent.objects.exists()


def test_nothing_is_billed_in_a_test_twin() -> None:
    twin = factories.twin(factories.tenant())
    listener(factories.client(twin), "visit_report.approved", "billing.*")
    report = approved(handed_in(twin, of={"customer": customer(twin)}))
    assert (report.status, report.is_billable, report.billing_status) == ("Approved", True, "NotReady")
    assert types() == ["visit_report.approved"]
    assert not BillingEvent.objects.exists()


def test_without_a_subscription_it_stays_ready_and_remembers_no_event(
    tenant: Tenant, mapped: dict[str, Any]
) -> None:
    report = approved(handed_in(tenant, of=mapped))
    assert (states(report), bill_of(report).ready_event) == (("Ready", "Ready"), None)
    assert not Event.objects.exists()


def test_a_client_without_the_feature_is_told_of_the_report_but_not_of_the_bill(
    erp: IntegrationClient, tenant: Tenant, mapped: dict[str, Any]
) -> None:
    hooks.subscription(erp, "visit_report.approved", "billing.*")
    approved(handed_in(tenant, of=mapped))
    assert types() == ["visit_report.approved"]


def test_minutes_and_times_need_the_option(
    erp: IntegrationClient, tenant: Tenant, mapped: dict[str, Any]
) -> None:
    listener(erp, "billing.event_ready")
    report = approved(handed_in(tenant, of=mapped))
    [usual], [whole] = told(options=USUAL), told()
    assert "details" not in usual["billingEvent"]
    visit = report.appointment
    assert whole["billingEvent"]["details"] == {
        "workMinutes": 40,
        "travelMinutes": 10,
        "startedAtUtc": instant(visit.started_at),
        "endedAtUtc": instant(visit.ended_at),
    }


def test_minutes_that_nobody_wrote_are_those_between_start_and_end(
    tenant: Tenant, mapped: dict[str, Any]
) -> None:
    report = approved(handed_in(tenant, of=mapped, used_minutes=None))
    assert (bill_of(report).work_minutes, states(report)) == (41, ("Ready", "Ready"))


def test_a_late_mapping_makes_it_ready(erp: IntegrationClient, api: Api, tenant: Tenant) -> None:
    listener(erp, "billing.*")
    report = approved(handed_in(tenant, of={"external_id": "JOB-1"}))
    assert (states(report), make_complete_ready()) == (("Pending", "Pending"), 0)
    assert types() == ["billing.event_created"]
    # The outside system says late whose job it was; a closed target cannot be changed by an import any more.
    Target.objects.update(status="Open")
    send(api, externalId="JOB-1", operation="update", customer={"externalId": "C-1", "name": "Late"})
    Target.objects.update(status="Completed")
    assert (make_complete_ready(), make_complete_ready()) == (1, 0)
    assert states(report) == ("Ready", "Ready")
    assert types() == ["billing.event_created", "billing.event_ready"]
    [ready] = told("billing.event_ready")
    assert (ready["customer"]["externalId"], ready["visitReport"]["billingStatus"]) == ("C-1", "Ready")
    assert bill_of(report).ready_event == Event.objects.get(type="billing.event_ready").id


def test_a_decision_about_a_doubtful_customer_makes_it_ready(erp: IntegrationClient, tenant: Tenant) -> None:
    twice = [customer(tenant, number="K-1") for _ in range(2)]
    crm = Api(factories.client(tenant, mapping_strategy="ExternalIdThenCustomerNumber"))
    listener(erp, "billing.event_ready")
    unclear = {"externalId": "C-1", "name": "Rhein-Ruhr", "customerNumber": "K-1"}
    target_id = imported(send(crm, externalId="JOB-1", title="Visit", customer=unclear))["targetId"]
    [visit] = scheduled([Target.objects.select_related("source_system").get(pk=target_id)], employee(tenant))
    start(visit)
    report = approved(VisitReport.objects.get(pk=submit(visit).pk))
    assert states(report) == ("Pending", "Pending")
    link_review(review=MappingReview.objects.get(), record=twice[1], actor=None)
    assert (make_complete_ready(), states(report)) == (1, ("Ready", "Ready"))
    assert told("billing.event_ready")[0]["customer"]["ordinavoCustomerId"] == twice[1].pk


def test_the_beat_takes_so_many_at_once_and_leaves_what_is_not_complete(tenant: Tenant) -> None:
    waiting = [approved(handed_in(tenant)) for _ in range(3)]
    lost = approved(handed_in(tenant))
    waiting.append(approved(handed_in(tenant)))
    known = customer(tenant)
    Target.objects.exclude(pk=lost.appointment.target_id).update(customer=known)
    # Two are looked at by each beat: the last of a round finds its end, and the next one begins anew.
    assert [make_complete_ready(size=2) for _ in range(3)] == [2, 1, 1]
    assert [states(one) for one in waiting] == [("Ready", "Ready")] * 4
    Target.objects.update(customer=known)
    assert (make_complete_ready(size=2), states(lost)) == (1, ("Ready", "Ready"))
    assert make_complete_ready(size=2) == 0


def test_a_beat_costs_the_same_for_few_and_many_that_wait(tenant: Tenant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            make_complete_ready()
        return len(asked)

    approved(handed_in(tenant))
    few = cost()
    for _ in range(3):
        approved(handed_in(tenant))
    assert (few, cost()) == (2, 2)


def test_events_of_several_tenants_become_ready_together_and_are_told_apart() -> None:
    reports = []
    for _ in range(2):
        tenant = factories.tenant()
        listener(factories.client(tenant), "billing.event_ready")
        reports.append(approved(handed_in(tenant)))
        Target.objects.filter(tenant=tenant).update(customer=customer(tenant))
    assert make_complete_ready() == 2
    for report in reports:
        [event] = Event.objects.filter(tenant=report.tenant)
        assert (bill_of(report).ready_event, event.subject_id) == (event.id, report.pk)


def test_minutes_that_nobody_knew_are_entered_by_a_manager(tenant: Tenant, mapped: dict[str, Any]) -> None:
    report = unmeasured(tenant, mapped)
    bill = bill_of(report)
    assert (bill.status, bill.work_minutes) == ("Pending", None)
    for minutes in (0, 1441):
        with pytest.raises(ValidationFailed):
            enter_minutes(tenant=tenant, event_id=bill.pk, minutes=minutes, actor=None)
    enter_minutes(tenant=tenant, event_id=bill.pk, minutes=25, actor=None)
    assert (states(report), bill_of(report).work_minutes) == (("Ready", "Ready"), 25)
    assert AuditEntry.objects.get(action="billing_event.minutes_entered").details["minutes"] == 25
    with pytest.raises(Conflict):
        enter_minutes(tenant=tenant, event_id=bill.pk, minutes=30, actor=None)
    with pytest.raises(NotFound):
        enter_minutes(tenant=factories.tenant(), event_id=bill.pk, minutes=30, actor=None)


def unmeasured(tenant: Tenant, of: dict[str, Any]) -> VisitReport:
    """An approved report of which nobody knows how long it took."""
    report = handed_in(tenant, of=of, used_minutes=None)
    visit = report.appointment
    visit.ended_at = (visit.started_at or visit.planned_start) - timedelta(minutes=1)
    visit.save()
    return approved(report)
