"""What appointments mean for their targets is written down there, for rooms that may not look up here."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils import timezone

from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.instants import instant
from ordinavo.kernel.sets import update_rows
from ordinavo.tenants.models import User
from targets.models import Target
from targets.visits.models import Appointment, VisitReport

_NO_APPOINTMENT: dict[str, Any] = {
    "appointment_id": None,
    "appointment_status": "",
    "appointment_start": None,
}


def write_down(appointment: Appointment) -> None:
    """Let the target show this appointment; `store_targets` stores it."""
    target = appointment.target
    target.appointment_id = appointment.pk
    target.appointment_status = appointment.status
    target.appointment_start = appointment.planned_start


def wipe_out(target: Target) -> None:
    """Let the target show no appointment."""
    for column, value in _NO_APPOINTMENT.items():
        setattr(target, column, value)


def forget_appointments(target_ids: Collection[int]) -> None:
    """Let stored targets show no appointment."""
    Target.objects.filter(id__in=target_ids).update(**_NO_APPOINTMENT)


def store_targets(targets: Iterable[Target]) -> None:
    """Store what appointments change of targets: one statement."""
    now = timezone.now().isoformat()
    update_rows(
        Target,
        [
            {
                "id": target.pk,
                "status": target.status,
                "revision": target.revision,
                "updated_at": now,
                "appointment_id": target.appointment_id,
                "appointment_status": target.appointment_status,
                "appointment_start": instant(target.appointment_start),
            }
            for target in targets
        ],
    )


def note_visits(
    action: str, appointments: Sequence[Appointment], *, actor: User | None, **details: Any
) -> None:
    """Append a line to the history of each target."""
    told = [(one, {"startUtc": instant(one.planned_start), **details}) for one in appointments]
    _note(action, told, actor=actor)


def note_work(action: str, appointment: Appointment, **details: Any) -> None:
    """Append what an employee did to the history of the target; moments are those of the phone's clock."""
    _note(action, [(appointment, details)], actor=appointment.employee.user)


def note_report(action: str, report: VisitReport, *, actor: User | None, **details: Any) -> None:
    """Append what became of a report to the history of its target."""
    _note(action, [(report.appointment, {"visitReportId": report.pk, **details})], actor=actor)


def _note(action: str, told: Sequence[tuple[Appointment, dict[str, Any]]], *, actor: User | None) -> None:
    lines = [
        Happening(appointment.target, action, {"appointmentId": appointment.pk, **details})
        for appointment, details in told
    ]
    record_timeline(lines, tenant_id=told[0][0].tenant_id, actor=actor)
