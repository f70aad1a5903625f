"""What employees report of their visits: drafts, and reports that are handed in. Each may be sent twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.services.handing_in import hand_in, open_report, store_report, write_values
from targets.visits.services.locking import appointment_of, lock_appointment, lock_report_of
from targets.visits.services.moving import complete_work
from targets.visits.services.submissions import claim
from targets.visits.services.values import ReportValues, as_content, checked_values, values_of
from targets.visits.states import MoveRefused, require_reported, require_writable

__all__ = ["ReportValues", "save_draft", "submit_report", "values_of"]


@transaction.atomic
def save_draft(
    *,
    employee: Employee,
    appointment_id: int,
    key: str,
    at: datetime,
    version: int | None,
    values: ReportValues,
) -> VisitReport:
    """Keep what an employee has written so far, from the start of the work on; the first save opens a draft.

    `version` is that of the report which the phone knows, None if it knows none: `MoveRefused` with the code
    `report_changed` if another phone has written since. A report that was given back stays given back, and
    keeps a result. The same `key` again changes nothing.
    """
    checked = checked_values(values, complete=False)
    content = [version, as_content(checked)]
    if not claim(employee=employee, key=key, action="draft", appointment_id=appointment_id, content=content):
        return appointment_of(employee, appointment_id).report
    report = _writable(lock_appointment(employee, appointment_id), version)
    if report.status != VisitReport.Status.DRAFT:
        checked_values(checked, complete=True)
    write_values(report, checked)
    store_report(report)
    return report


@transaction.atomic
def submit_report(
    *,
    employee: Employee,
    appointment_id: int,
    key: str,
    at: datetime,
    version: int | None,
    values: ReportValues,
) -> VisitReport:
    """Hand a report in, for the first time or after it was given back; a visit under way is completed first.

    `at` is by the phone's clock. Else as `save_draft`, but a result must be given.
    """
    checked = checked_values(values, complete=True)
    content = [version, as_content(checked)]
    if not claim(employee=employee, key=key, action="submit", appointment_id=appointment_id, content=content):
        return appointment_of(employee, appointment_id).report
    appointment = lock_appointment(employee, appointment_id)
    report = _writable(appointment, version)
    if appointment.status == Appointment.Status.STARTED:
        complete_work(appointment, at=at)
    write_values(report, checked)
    hand_in(report, at=at)
    return report


def _writable(appointment: Appointment, version: int | None) -> VisitReport:
    """Return the locked report of a locked appointment; a new one if there is none."""
    require_reported(appointment)
    report = lock_report_of(appointment)
    if report is None:
        return open_report(appointment)
    require_writable(report)
    if (version or 0) != report.version:
        message = _("The report was changed on another phone meanwhile. Look at it, then write again.")
        raise MoveRefused("report_changed", message)
    return report
