"""Managers approve reports and give them back: guarded, told, written down, and one of two is too late."""

from typing import Any

import pytest

from customers.models import TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound, ValidationFailed
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from targets.models import Target
from targets.visits.models import BillingEvent, VisitReport
from targets.visits.services.approving import approve_report, note_internally, reject_report
from tests import factories
from tests.visits.deciding import approved, customer, fresh, handed_in, handed_in_again, listener
from tests.webhooks.telling import told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="manager@x.example", role=Role.MANAGER, first_name="Mia").user


@pytest.fixture
def report(tenant: Tenant) -> VisitReport:
    return handed_in(tenant)


def reject(report: VisitReport, reason: str = "Which filter?", **given: Any) -> VisitReport:
    return reject_report(tenant=report.tenant, report_id=report.pk, reason=reason, **{"actor": None, **given})


def test_an_approved_report_says_by_whom_and_is_told_and_written_down(
    erp: IntegrationClient, tenant: Tenant, manager: User
) -> None:
    listener(erp, "visit_report.approved")
    report = handed_in(tenant)
    done = approved(report, manager, version=report.version, internal_notes="Ask for the invoice address.")
    assert (done.status, done.decided_by, done.version) == ("Approved", manager, report.version + 1)
    assert done.decided_at is not None
    assert done.internal_notes == "Ask for the invoice address."
    [payload] = told("visit_report.approved")
    assert payload["visitReport"]["status"] == "Approved"
    assert "invoice address" not in str(payload)
    entry = AuditEntry.objects.get(action="visit_report.approved")
    assert (entry.actor, entry.subject_id, entry.tenant) == (manager, report.pk, tenant)
    line = TimelineEntry.objects.get(action="visit_report.approved")
    assert (line.actor, line.subject_id) == (manager, report.appointment.target_id)
    assert line.details["visitReportId"] == report.pk


def test_a_rejected_report_goes_back_with_its_reason_and_comes_again(
    erp: IntegrationClient, tenant: Tenant, manager: User
) -> None:
    listener(erp, "visit_report.*", "billing.*")
    report = handed_in(tenant, of={"customer": customer(tenant)})
    given_back = reject(report, actor=manager, version=report.version)
    assert (given_back.status, given_back.rejection_reason) == ("Rejected", "Which filter?")
    assert (given_back.decided_by, given_back.version) == (manager, report.version + 1)
    again = handed_in_again(fresh(report), summary="Filter F7.")
    assert (again.status, again.decided_by, again.summary) == ("Submitted", None, "Filter F7.")
    done = approved(again, version=again.version)
    assert (done.status, done.rejection_reason, done.billing_status) == ("Approved", "", "Ready")
    assert types() == [
        "visit_report.created",
        "visit_report.submitted",
        "visit_report.rejected",
        "visit_report.submitted",
        "visit_report.approved",
        "billing.event_created",
        "billing.event_ready",
    ]
    assert "Which filter" not in str(told())


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_goes_back_without_a_reason(report: VisitReport, reason: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        reject(report, reason)
    assert [(one.path, one.message) for one in refused.value.details] == [
        ("reason", "Say what is to be changed.")
    ]
    assert fresh(report).status == "Submitted"


def test_a_reason_may_be_long_but_not_endless(report: VisitReport) -> None:
    with pytest.raises(ValidationFailed):
        reject(report, "a" * 10_001)
    assert reject(report, "a" * 10_000).status == "Rejected"


def test_of_two_managers_at_one_report_the_second_is_told_what_the_first_did(
    report: VisitReport, manager: User
) -> None:
    approved(report, manager, version=report.version)
    with pytest.raises(Conflict) as late:
        reject(report, version=report.version)
    assert late.value.message == "It was approved by Mia meanwhile. Look at the report again."
    assert AuditEntry.objects.filter(action="visit_report.rejected").count() == 0
    assert fresh(report).status == "Approved"


def test_what_the_employee_changed_since_it_was_read_is_not_approved(report: VisitReport) -> None:
    seen = report.version
    again = handed_in_again(reject(report), summary="Something else.")
    with pytest.raises(Conflict) as late:
        approve_report(tenant=report.tenant, report_id=report.pk, actor=None, version=seen)
    assert late.value.message == "It was changed meanwhile. Look at the report again."
    assert fresh(again).status == "Submitted"


@pytest.mark.parametrize("status", ["Draft", "Approved", "Rejected"])
def test_only_what_was_handed_in_is_decided_about(report: VisitReport, status: str) -> None:
    VisitReport.objects.update(status=status)
    for decide in (approved, reject):
        with pytest.raises(Conflict):
            decide(report)
    assert fresh(report).status == status
    assert not BillingEvent.objects.exists()


def test_a_report_of_another_tenant_is_not_found(report: VisitReport) -> None:
    theirs: dict[str, Any] = {"tenant": factories.tenant(), "report_id": report.pk, "actor": None}
    with pytest.raises(NotFound):
        approve_report(**theirs)
    with pytest.raises(NotFound):
        reject_report(**theirs, reason="x")
    with pytest.raises(NotFound):
        note_internally(**theirs, notes="x", seen="")
    assert fresh(report).status == "Submitted"


def test_notes_are_replaced_by_whoever_has_read_them(report: VisitReport, manager: User) -> None:
    def write(notes: str, seen: str) -> None:
        note_internally(tenant=report.tenant, report_id=report.pk, actor=manager, notes=notes, seen=seen)

    write("First line\nSecond line", "")
    # As browsers send it back.
    write("Third", "First line\r\nSecond line\r\n")
    with pytest.raises(Conflict):
        write("Fourth", "First line\nSecond line")
    assert fresh(report).internal_notes == "Third"
    assert fresh(report).version == report.version
    assert "Third" not in str(AuditEntry.objects.values_list("details"))


def test_notes_of_the_approval_are_added_to_those_that_there_are(report: VisitReport) -> None:
    note_internally(tenant=report.tenant, report_id=report.pk, actor=None, notes="Before", seen="")
    assert approved(report, internal_notes=" After ").internal_notes == "Before\nAfter"


def test_the_target_and_the_visit_stay_as_they_are(report: VisitReport) -> None:
    before = Target.objects.values().get(), report.appointment.status
    approved(report)
    assert (Target.objects.values().get(), fresh(report).appointment.status) == before
