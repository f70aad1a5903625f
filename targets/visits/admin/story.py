"""What happened to a visit, as the phone told it and as it was heard of here."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show
from targets.visits.admin.marks import report_of
from targets.visits.models import Appointment, VisitReport

# Word that takes longer waited for a connection; less is the clock.
_AT_ONCE = timedelta(minutes=1)


def story(visit: Appointment) -> SafeString:
    """Return a table: what, when by the phone's clock, when it arrived here."""
    lines = [
        (what, show.when(phone) if phone else "", _arrived(phone, heard))
        for what, phone, heard in _moments(visit)
        if phone or heard
    ]
    return show.table(("What", "By the phone's clock", "Arrived here"), lines)


def _moments(visit: Appointment) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    yield "Published", None, visit.created_at
    yield "Started", visit.started_at, visit.start_heard_at
    trouble = visit.status == Appointment.Status.PROBLEM_REPORTED
    yield "Problem reported" if trouble else "Completed", visit.ended_at, visit.end_heard_at
    report = report_of(visit)
    if report is not None:
        yield "Report handed in", report.submitted_at, report.submission_heard_at
        decided = "Report given back" if report.status == VisitReport.Status.REJECTED else "Report approved"
        yield decided, None, report.decided_at
    if visit.status == Appointment.Status.CANCELLED:
        because = show.words(visit.cancelled_because).lower()
        yield f"Cancelled: {because}" if because else "Cancelled", None, visit.updated_at


def _arrived(phone: datetime | None, heard: datetime | None) -> Any:
    if phone is None or heard is None or heard - phone < _AT_ONCE:
        return show.when(heard)
    minutes = round((heard - phone).total_seconds() / 60)
    later = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return f"{show.when(heard)} ({later} later)"
