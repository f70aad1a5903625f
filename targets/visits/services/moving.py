"""Moving a visit on, with its target: stored, written down, noted and told. The caller holds the locks."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ordinavo.kernel.instants import instant
from targets.visits.clock import happened
from targets.visits.events import tell
from targets.visits.models import Appointment, VisitReport
from targets.visits.selectors.days import zone_of
from targets.visits.services.noting import note_work, store_targets, write_down
from targets.visits.states import MoveRefused, move_visit
from webhooks.catalog.types import (
    APPOINTMENT_COMPLETED,
    APPOINTMENT_PROBLEM,
    APPOINTMENT_STARTED,
    TARGET_COMPLETED,
)

Status = Appointment.Status


def start_work(appointment: Appointment, *, at: datetime) -> None:
    """Note that work on a visit began; not before its day."""
    _require_day(appointment)
    move_visit(appointment, Status.STARTED)
    now = timezone.now()
    appointment.started_at, appointment.start_heard_at = happened(at, now=now), now
    _store(appointment, "appointment.started", at=appointment.started_at)
    tell([appointment], APPOINTMENT_STARTED)


def complete_work(appointment: Appointment, *, at: datetime) -> None:
    """Note that the work on a visit is done."""
    move_visit(appointment, Status.COMPLETED)
    ended_at = _end(appointment, at)
    _store(appointment, "appointment.completed", at=ended_at)
    tell([appointment], APPOINTMENT_COMPLETED, TARGET_COMPLETED)


def end_with_problem(appointment: Appointment, *, at: datetime, problem: VisitReport.Problem) -> None:
    """Note that a visit ended with a problem, whether work had begun or not."""
    if appointment.status == Status.SCHEDULED:
        _require_day(appointment)
    move_visit(appointment, Status.PROBLEM_REPORTED)
    ended_at = _end(appointment, at)
    _store(appointment, "appointment.problem_reported", at=ended_at, problem=problem.value)
    tell([appointment], APPOINTMENT_PROBLEM)


def local_day(appointment: Appointment) -> date:
    """Return which day it is where the employee works."""
    employee = appointment.employee
    return timezone.now().astimezone(zone_of(employee, employee.tenant)).date()


def _require_day(appointment: Appointment) -> None:
    if appointment.status == Status.SCHEDULED and local_day(appointment) < appointment.day:
        message = _("This visit is planned for %(day)s. It can't be started before that day.")
        raise MoveRefused("not_today", message % {"day": date_format(appointment.day)})


def _end(appointment: Appointment, at: datetime) -> datetime:
    now = timezone.now()
    ended_at = happened(at, now=now, after=appointment.started_at)
    appointment.ended_at, appointment.end_heard_at = ended_at, now
    return ended_at


def _store(appointment: Appointment, action: str, *, at: datetime, **details: str) -> None:
    columns = ("started_at", "start_heard_at", "ended_at", "end_heard_at", "updated_at")
    appointment.save(update_fields=["status", "target_revision", *columns])
    write_down(appointment)
    store_targets([appointment.target])
    note_work(action, appointment, at=instant(at), **details)
