"""The moves of appointments, their targets and reports: which there are, and why others are refused.

Whoever changes a status does it here. The caller holds the locks and stores what has changed.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ordinavo.kernel.errors import Conflict
from targets.models import Target
from targets.visits.models import Appointment, VisitReport

Visit, Job, Report = Appointment.Status, Target.Status, VisitReport.Status

VISIT_MOVES: Mapping[str, frozenset[str]] = {
    Visit.SCHEDULED: frozenset({Visit.STARTED, Visit.PROBLEM_REPORTED, Visit.CANCELLED}),
    Visit.STARTED: frozenset({Visit.COMPLETED, Visit.PROBLEM_REPORTED}),
}
# What visits do to targets; what imports do to them is decided there.
JOB_MOVES: Mapping[str, frozenset[str]] = {
    Job.OPEN: frozenset({Job.SCHEDULED}),
    Job.SCHEDULED: frozenset({Job.OPEN, Job.IN_PROGRESS, Job.PROBLEM}),
    Job.IN_PROGRESS: frozenset({Job.COMPLETED, Job.PROBLEM}),
}
REPORT_MOVES: Mapping[str, frozenset[str]] = {
    Report.DRAFT: frozenset({Report.SUBMITTED}),
    Report.SUBMITTED: frozenset({Report.APPROVED, Report.REJECTED}),
    Report.REJECTED: frozenset({Report.SUBMITTED}),
}
# A report can be written from the start of the work on, until it is handed in; files may follow it.
REPORTED_VISITS = frozenset({Visit.STARTED, Visit.COMPLETED, Visit.PROBLEM_REPORTED})
WRITABLE = frozenset({Report.DRAFT, Report.REJECTED})
EXTENDABLE = WRITABLE | {Report.SUBMITTED}

_JOB_AFTER = {
    Visit.STARTED: Job.IN_PROGRESS,
    Visit.COMPLETED: Job.COMPLETED,
    Visit.PROBLEM_REPORTED: Job.PROBLEM,
}


class MoveRefused(Conflict):
    """The state of the thing does not allow this; `code` says which state, the message why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def move_visit(appointment: Appointment, status: Appointment.Status) -> None:
    """Change the status of an appointment, and with it that of its target; `MoveRefused` if it can't be.

    A cancelled visit leaves its target to the caller, who knows whether that is cancelled too.
    """
    if status not in VISIT_MOVES.get(appointment.status, ()):
        raise MoveRefused(*_no_visit_move(appointment, status))
    job = _JOB_AFTER.get(status)
    if job is not None:
        move_job(appointment.target, job)
        # Whether an import has changed the target since publication stays as it was.
        appointment.target_revision += 1
    appointment.status = status


def move_job(target: Target, status: Target.Status) -> None:
    """Change the status of a target, with a new revision; `MoveRefused` if it can't be."""
    if status not in JOB_MOVES.get(target.status, ()):
        raise MoveRefused("target_not_ready", _("The job is no longer what was planned. Ask the office."))
    target.status = status
    target.revision += 1


def move_report(report: VisitReport, status: VisitReport.Status) -> None:
    """Change the status of a report; `MoveRefused` if it can't be."""
    if status not in REPORT_MOVES.get(report.status, ()):
        raise MoveRefused(*_no_report_move(report))
    report.status = status


def require_waiting(appointment: Appointment) -> None:
    """Raise `MoveRefused` unless a visit lies ahead, so that somebody else may do it."""
    if appointment.status != Visit.SCHEDULED:
        raise MoveRefused(*_no_visit_move(appointment, Visit.CANCELLED))


def require_reported(appointment: Appointment) -> None:
    """Raise `MoveRefused` unless there is something to report of a visit."""
    if appointment.status not in REPORTED_VISITS:
        raise MoveRefused(*_no_visit_move(appointment, Visit.COMPLETED))


def require_writable(report: VisitReport) -> None:
    """Raise `MoveRefused` if a report can't be written in any more."""
    if report.status not in WRITABLE:
        raise MoveRefused(*_no_report_move(report))


def require_extendable(report: VisitReport) -> None:
    """Raise `MoveRefused` if no file can be added to a report any more."""
    if report.status not in EXTENDABLE:
        raise MoveRefused(*_no_report_move(report))


def _no_visit_move(appointment: Appointment, wanted: str) -> tuple[str, str]:
    match Visit(appointment.status):
        case Visit.SCHEDULED:
            return "appointment_not_started", _("This visit has not been started yet. Start it first.")
        case Visit.STARTED if wanted == Visit.STARTED:
            return "appointment_started", _("This visit has been started already.")
        case Visit.STARTED:
            return "appointment_started", _("Work on this visit has begun: it can't be taken back.")
        case Visit.COMPLETED:
            return "appointment_completed", _("This visit is completed already.")
        case Visit.PROBLEM_REPORTED:
            return "appointment_problem_reported", _("A problem has been reported for this visit already.")
    return "appointment_cancelled", _("This visit was cancelled. There is nothing to do there any more.")


def _no_report_move(report: VisitReport) -> tuple[str, str]:
    match Report(report.status):
        case Report.DRAFT:
            return "report_draft", _("The report has not been handed in yet.")
        case Report.SUBMITTED:
            return "report_submitted", _("The report has been handed in already: it can't be changed.")
        case Report.APPROVED:
            return "report_approved", _("The report has been approved: it can't be changed.")
    return "report_rejected", _("The report was given back: the employee has it.")
