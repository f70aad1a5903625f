"""Making and cancelling appointments; what they mean for the target is written down there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel.sets import insert_instances
from ordinavo.tenants.models import Tenant, User
from targets.models import Target
from targets.selectors import lock_targets_by_id
from targets.visits.events import tell_cancelled, tell_scheduled
from targets.visits.models import Appointment, Employee
from targets.visits.services.locking import lock_employees
from targets.visits.services.noting import note_visits, store_targets, wipe_out, write_down
from targets.visits.services.ordering import close_ranks
from targets.visits.states import move_job, move_visit

TARGET_CANCELLED, UNPUBLISHED = "target_cancelled", "unpublished"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to come: UTC instants, the travel is that to the stop."""

    target: Target
    employee: Employee
    day: date
    sequence: int
    start: datetime
    end: datetime
    travel_minutes: int
    travel_meters: int


@transaction.atomic
def schedule_appointments(
    *, tenant: Tenant, visits: Sequence[Visit], actor: User | None
) -> list[Appointment]:
    """Make an appointment of each visit, its target `Scheduled`, and tell of both.

    The targets are open, and locked by the caller (`lock_targets_by_id`), and so are the people, before them.
    """
    if not visits:
        return []
    appointments = [_new(tenant, visit) for visit in visits]
    for appointment in appointments:
        move_job(appointment.target, Target.Status.SCHEDULED)
        appointment.target_revision = appointment.target.revision
    insert_instances(appointments)
    close_ranks(appointments)
    for appointment in appointments:
        write_down(appointment)
    store_targets([appointment.target for appointment in appointments])
    note_visits("target.scheduled", appointments, actor=actor)
    tell_scheduled(appointments)
    return appointments


@transaction.atomic
def unschedule_appointments(
    *, tenant: Tenant, appointment_ids: Collection[int], actor: User | None
) -> list[Appointment]:
    """Cancel those that have not begun and return them; their targets are `Open` again."""
    wanted = Appointment.objects.filter(tenant=tenant, id__in=appointment_ids)
    lock_employees(wanted.values_list("employee_id", flat=True))
    targets = lock_targets_by_id(tenant, wanted.values_list("target_id", flat=True))
    cancelled = _cancel(_lock_waiting(targets), because=UNPUBLISHED)
    for appointment in cancelled:
        move_job(appointment.target, Target.Status.OPEN)
    close_ranks(cancelled)
    _tell_cancelled(cancelled, actor=actor)
    return cancelled


def cancel_with_targets(target_ids: Collection[int]) -> None:
    """Cancel the visits to targets that were cancelled themselves; the caller holds the targets' locks."""
    rows = Target.objects.filter(id__in=target_ids).select_related("source_system").order_by("id")
    cancelled = _cancel(_lock_waiting({target.pk: target for target in rows}), because=TARGET_CANCELLED)
    _tell_cancelled(cancelled, actor=None)


def _new(tenant: Tenant, visit: Visit) -> Appointment:
    return Appointment(
        tenant=tenant,
        target=visit.target,
        employee=visit.employee,
        day=visit.day,
        sequence=visit.sequence,
        planned_start=visit.start,
        planned_end=visit.end,
        travel_minutes=visit.travel_minutes,
        travel_meters=visit.travel_meters,
    )


def _lock_waiting(targets: dict[int, Target]) -> list[Appointment]:
    """Return the appointments of these locked targets that have not begun, locked themselves."""
    rows = Appointment.objects.select_for_update().filter(
        target__in=list(targets), status=Appointment.Status.SCHEDULED
    )
    appointments = list(rows.order_by("id"))
    for appointment in appointments:
        appointment.target = targets[appointment.target_id]
    return appointments


def _cancel(appointments: list[Appointment], *, because: str) -> list[Appointment]:
    now = timezone.now()
    for appointment in appointments:
        move_visit(appointment, Appointment.Status.CANCELLED)
        appointment.cancelled_because = because
    Appointment.objects.filter(id__in=[one.pk for one in appointments]).update(
        status=Appointment.Status.CANCELLED, cancelled_because=because, updated_at=now
    )
    return appointments


def _tell_cancelled(appointments: Sequence[Appointment], *, actor: User | None) -> None:
    if not appointments:
        return
    for appointment in appointments:
        wipe_out(appointment.target)
    store_targets([appointment.target for appointment in appointments])
    note_visits("appointment.cancelled", appointments, actor=actor)
    tell_cancelled(appointments)
