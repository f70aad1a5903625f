"""Opening, writing and handing in reports. The caller holds the locks of target, appointment and report."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from ordinavo.kernel.instants import instant
from targets.visits.clock import happened
from targets.visits.events import tell_reports
from targets.visits.models import Appointment, VisitReport
from targets.visits.services.noting import note_report
from targets.visits.services.values import ReportValues
from targets.visits.states import move_report
from webhooks.catalog.types import REPORT_CREATED, REPORT_FOLLOW_UP, REPORT_PROBLEM, REPORT_SUBMITTED

Billing = VisitReport.Billing


def open_report(appointment: Appointment) -> VisitReport:
    """Return a new draft that nobody has written in, stored and told of."""
    employee = appointment.employee
    report = VisitReport(
        tenant_id=appointment.tenant_id, appointment=appointment, employee=employee, version=0
    )
    report.save(force_insert=True)
    note_report("visit_report.created", report, actor=employee.user)
    tell_reports([report], REPORT_CREATED)
    return report


def write_values(report: VisitReport, values: ReportValues) -> None:
    """Let the report say this; `store_report` stores it."""
    for name, value in asdict(values).items():
        setattr(report, name, value)


def store_report(report: VisitReport, *further: str) -> None:
    """Store what the employee wrote, as a new version."""
    report.version += 1
    report.billing_status = Billing.NOT_READY if report.is_billable else Billing.NOT_BILLABLE
    written = [*ReportValues.__dataclass_fields__, "problem", "billing_status", "version", "updated_at"]
    report.save(update_fields=[*written, *further])


def hand_in(report: VisitReport, *, at: datetime) -> None:
    """Hand a report in, as it stands in memory; nothing of an earlier decision is left but its reason."""
    move_report(report, VisitReport.Status.SUBMITTED)
    now = timezone.now()
    report.submitted_at, report.submission_heard_at = happened(at, now=now), now
    report.decided_at, report.decided_by = None, None
    store_report(report, "status", "submitted_at", "submission_heard_at", "decided_at", "decided_by")
    note_report("visit_report.submitted", report, actor=report.employee.user, **_details(report))
    tell_reports([report], *_kinds(report))


def _details(report: VisitReport) -> dict[str, Any]:
    told = {"result": report.result, "at": instant(report.submitted_at)}
    return {**told, **({"problem": report.problem} if report.problem else {})}


def _kinds(report: VisitReport) -> list[str]:
    told = [REPORT_SUBMITTED]
    if report.problem or report.problems:
        told.append(REPORT_PROBLEM)
    if report.follow_up_required:
        told.append(REPORT_FOLLOW_UP)
    return told
