"""Locks of field work, always in this order: people, targets, appointments, reports."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.selectors import lock_targets_by_id
from targets.visits.models import Appointment, Employee, VisitReport


def appointment_of(employee: Employee, appointment_id: int) -> Appointment:
    """Return an employee's own appointment; `NotFound` for anybody else's."""
    row = _own(employee).filter(pk=appointment_id).select_related("target").first()
    if row is None:
        raise _not_theirs()
    return row


def lock_appointment(employee: Employee, appointment_id: int) -> Appointment:
    """Return an employee's own appointment with its target, both locked until the transaction ends."""
    target_id = _own(employee).filter(pk=appointment_id).values_list("target_id", flat=True).first()
    if target_id is None:
        raise _not_theirs()
    target = lock_target(employee.tenant, target_id)
    # It may have been given to somebody else while we waited for the target.
    row = _own(employee).select_for_update(of=("self",)).filter(pk=appointment_id).first()
    if row is None:
        raise _not_theirs()
    row.employee, row.target = employee, target
    return row


def lock_visit(tenant: Tenant, appointment_id: int) -> Appointment:
    """Return an appointment of the tenant with its target, both locked until the transaction ends."""
    rows = Appointment.objects.filter(tenant=tenant, pk=appointment_id)
    target_id = rows.values_list("target_id", flat=True).first()
    if target_id is None:
        raise NotFound("There is no such visit.")
    target = lock_target(tenant, target_id)
    row = rows.select_for_update(of=("self",)).get()
    row.tenant, row.target = tenant, target
    return row


def lock_target(tenant: Tenant, target_id: int) -> Target:
    """Return a target of the tenant, locked until the transaction ends."""
    return lock_targets_by_id(tenant, [target_id])[target_id]


def lock_reports(*, tenant: Tenant, report_ids: Collection[int]) -> list[VisitReport]:
    """Return reports of the tenant by id with appointments and targets, all locked; what there is of them."""
    wanted = VisitReport.objects.filter(tenant=tenant, id__in=report_ids)
    pairs = dict(wanted.values_list("appointment_id", "appointment__target_id"))
    targets = lock_targets_by_id(tenant, pairs.values())
    locked = Appointment.objects.select_for_update(of=("self",)).filter(id__in=pairs)
    appointments = {row.pk: row for row in locked.select_related("employee").order_by("id")}
    reports = wanted.select_for_update(of=("self",)).select_related("employee").order_by("id")
    found = list(reports)
    for report in found:
        report.appointment = appointments[report.appointment_id]
        report.appointment.target = targets[report.appointment.target_id]
    return found


def lock_report_of(appointment: Appointment) -> VisitReport | None:
    """Return the report of a locked appointment, locked itself, if there is one."""
    report = VisitReport.objects.select_for_update(of=("self",)).filter(appointment=appointment).first()
    if report is not None:
        report.appointment = appointment
        # Whoever wrote it first is mostly who has the visit: nothing more needs to be read.
        if report.employee_id == appointment.employee_id:
            report.employee = appointment.employee
    return report


def lock_employees(employee_ids: Collection[int]) -> None:
    """Let nobody else give these people visits, or take some away, until the transaction ends."""
    list(Employee.objects.select_for_update(no_key=True).filter(id__in=employee_ids).order_by("id"))


def _own(employee: Employee) -> QuerySet[Appointment]:
    return Appointment.objects.filter(tenant_id=employee.tenant_id, employee=employee)


def _not_theirs() -> NotFound:
    return NotFound(_("There is no such visit, or somebody else does it now."))
