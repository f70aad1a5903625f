"""What employees do with their visits: start, complete, report a problem. Each may be sent twice."""

from datetime import datetime

from django.db import transaction

from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.services.handing_in import hand_in, open_report
from targets.visits.services.locking import appointment_of, lock_appointment, lock_report_of
from targets.visits.services.moving import complete_work, end_with_problem, start_work
from targets.visits.services.submissions import claim
from targets.visits.services.values import LONGEST_TEXT, checked_choice, checked_text
from targets.visits.states import require_writable

Problem, Result = VisitReport.Problem, VisitReport.Result


@transaction.atomic
def start_appointment(*, employee: Employee, appointment_id: int, key: str, at: datetime) -> Appointment:
    """Start to work on a visit: its target is `InProgress`. `at` is by the phone's clock.

    The same `key` again changes nothing. `NotFound` for visits of others, `MoveRefused` if it can't be
    started: it has been, it was cancelled, its day has not come.
    """
    if not claim(employee=employee, key=key, action="start", appointment_id=appointment_id):
        return appointment_of(employee, appointment_id)
    appointment = lock_appointment(employee, appointment_id)
    start_work(appointment, at=at)
    return appointment


@transaction.atomic
def complete_appointment(*, employee: Employee, appointment_id: int, key: str, at: datetime) -> Appointment:
    """Complete a visit that was started, and its target with it; else as `start_appointment`."""
    if not claim(employee=employee, key=key, action="complete", appointment_id=appointment_id):
        return appointment_of(employee, appointment_id)
    appointment = lock_appointment(employee, appointment_id)
    complete_work(appointment, at=at)
    return appointment


@transaction.atomic
def report_problem(
    *, employee: Employee, appointment_id: int, key: str, at: datetime, problem: str, text: str
) -> VisitReport:
    """End a visit with a problem, started or not: its target is `Problem`, its report is handed in at once.

    `problem` is one of `VisitReport.Problem`. What was drafted stays, but nothing is billable. Else as
    `start_appointment`.
    """
    kind = Problem(checked_choice("problem", problem, Problem.values))
    said = checked_text("text", text, LONGEST_TEXT)
    content = [kind.value, said]
    if not claim(
        employee=employee, key=key, action="problem", appointment_id=appointment_id, content=content
    ):
        return appointment_of(employee, appointment_id).report
    appointment = lock_appointment(employee, appointment_id)
    stored = lock_report_of(appointment)
    end_with_problem(appointment, at=at, problem=kind)
    report = stored or open_report(appointment)
    require_writable(report)
    report.problem, report.problems, report.is_billable = kind, said, False
    report.result = Result.CUSTOMER_ABSENT if kind == Problem.CUSTOMER_ABSENT else Result.NOT_SUCCESSFUL
    hand_in(report, at=at)
    return report
