"""Badges of visits."""

from datetime import datetime

from targets.visits.models import Appointment, VisitReport
from targets.visits.selectors.board import LATE_AFTER

STATUS = {
    "Scheduled": "info",
    "Late": "bad",
    "Started": "warn",
    "Overdue": "bad",
    "Completed": "good",
    "Problem reported": "bad",
}


def status_of(row: Appointment, *, now: datetime) -> str:
    """Return the status; what should have begun is `Late`, what should have ended `Overdue`."""
    late = now - LATE_AFTER
    if row.status == Appointment.Status.SCHEDULED and row.planned_start < late:
        return "Late"
    if row.status == Appointment.Status.STARTED and row.planned_end < late:
        return "Overdue"
    return row.get_status_display()


def report_of(row: Appointment) -> VisitReport | None:
    """Return the report of a visit, if one was begun."""
    report: VisitReport | None = getattr(row, "report", None)
    return report
