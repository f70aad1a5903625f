"""Giving a visit to somebody else on the same day."""

from django.db import transaction
from django.db.models import Q

from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit
from targets.visits.models import Appointment, Employee
from targets.visits.selectors.days import working_days
from targets.visits.services.locking import lock_employees, lock_visit
from targets.visits.services.noting import note_visits
from targets.visits.services.ordering import close_ranks
from targets.visits.states import require_waiting

Status = Appointment.Status


@transaction.atomic
def reassign_appointment(
    *, tenant: Tenant, appointment_id: int, employee: Employee, actor: User | None
) -> Appointment:
    """Give a visit that has not begun to another employee, who works on that day; its times stay.

    It takes its place between their visits by its planned start. How far it is to it, and to what comes next
    on both days, was planned for other ways and is forgotten. Outside systems are told nothing: who comes
    is not theirs to know. `NotFound` for what is not the tenant's, `MoveRefused` once work has begun or the
    visit was cancelled, `Conflict` if it is theirs already, they do not work then, or somebody was faster.
    """
    before = Appointment.objects.filter(tenant=tenant, pk=appointment_id).select_related("employee").first()
    if before is None or employee.tenant_id != tenant.pk:
        raise NotFound("There is no such visit or employee.")
    lock_employees({before.employee_id, employee.pk})
    appointment = lock_visit(tenant, appointment_id)
    if appointment.employee_id != before.employee_id:
        raise Conflict("Somebody else has given this visit to another person meanwhile.")
    require_waiting(appointment)
    _require_free(appointment, employee, tenant)
    appointment.employee = employee
    appointment.save(update_fields=["employee", "updated_at"])
    close_ranks([appointment], employee_ids={before.employee_id})
    _forget_travel(appointment, before.employee_id, employee.pk)
    _note(appointment, before.employee, actor)
    return appointment


def _require_free(appointment: Appointment, employee: Employee, tenant: Tenant) -> None:
    if appointment.employee_id == employee.pk:
        raise Conflict(f"{employee.name} has this visit already.")
    if not working_days(tenant, appointment.day, employee_ids=[employee.pk]):
        raise Conflict(f"{employee.name} does not work on {appointment.day}.")


def _forget_travel(appointment: Appointment, *people: int) -> None:
    """Forget the way to a visit, and to what comes next on the days of these people; the ranks are closed."""
    ahead = [_behind(appointment, employee_id) for employee_id in people]
    rows = Appointment.objects.filter(pk__in=[appointment.pk, *filter(None, ahead)])
    rows.update(travel_minutes=None, travel_meters=None)


def _behind(visit: Appointment, employee_id: int) -> int | None:
    """Return the next visit on an employee's day, if it has not begun."""
    later = Q(planned_start__gt=visit.planned_start) | Q(planned_start=visit.planned_start, pk__gt=visit.pk)
    rows = Appointment.objects.filter(later, employee=employee_id, day=visit.day)
    following = rows.exclude(status=Status.CANCELLED).order_by("sequence").values_list("pk", "status").first()
    return following[0] if following is not None and following[1] == Status.SCHEDULED else None


def _note(appointment: Appointment, before: Employee, actor: User | None) -> None:
    details = {"fromEmployeeId": before.pk, "toEmployeeId": appointment.employee_id}
    note_visits("appointment.reassigned", [appointment], actor=actor, **details)
    record_audit(
        tenant=appointment.tenant,
        actor=actor,
        action="appointment.reassigned",
        subject=appointment,
        details=details,
    )
