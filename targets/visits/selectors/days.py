"""Who works when: local hours become instants, day by day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from ordinavo.tenants.models import Tenant
from targets.visits.models import Absence, Employee, WorkingHours


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """An employee's hours on one day, as UTC instants.

    The break of `break_minutes` (0: none) lies between `break_from` and `break_until`.
    """

    employee: Employee
    start: datetime
    end: datetime
    break_minutes: int
    break_from: datetime
    break_until: datetime


def working_days(
    tenant: Tenant, day: date, *, employee_ids: Collection[int] | None = None
) -> list[WorkingDay]:
    """Return who works on their local `day`, by id: one statement.

    Active employees with hours on that weekday who are not absent, all or those with these ids. Hours that a
    change of the clocks swallows whole are none.
    """
    absent = Absence.objects.filter(employee=OuterRef("employee"), first_day__lte=day, last_day__gte=day)
    rows = WorkingHours.objects.filter(
        ~Exists(absent), employee__tenant=tenant, employee__active=True, weekday=day.weekday()
    )
    if employee_ids is not None:
        rows = rows.filter(employee__in=employee_ids)
    found = (_on(hours, day, tenant) for hours in rows.select_related("employee").order_by("employee_id"))
    return [one for one in found if one.start < one.end]


def zone_of(employee: Employee, tenant: Tenant) -> ZoneInfo:
    """Return the time zone in which an employee's hours are meant."""
    return ZoneInfo(employee.time_zone or tenant.time_zone)


def moment(day: date, at: time, zone: ZoneInfo, *, later: bool = False) -> datetime:
    """Return a local time as a UTC instant; `later`: the second one where the clock shows it twice.

    A time that the clock skips counts as if it had not been put forward.
    """
    return datetime.combine(day, at.replace(fold=int(later)), zone).astimezone(UTC)


def _on(hours: WorkingHours, day: date, tenant: Tenant) -> WorkingDay:
    zone = zone_of(hours.employee, tenant)
    return WorkingDay(
        hours.employee,
        moment(day, hours.start, zone),
        moment(day, hours.end, zone, later=True),
        hours.break_minutes,
        moment(day, hours.break_from or hours.start, zone),
        moment(day, hours.break_until or hours.end, zone, later=True),
    )
