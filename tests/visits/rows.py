"""Employees and their days for tests."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, Employee, WorkingHours

# A Wednesday.
DAY = date(2026, 7, 1)
ESSEN = (51.4556, 7.0116)
_numbers = count(1)


def employee(tenant: Tenant, *, hours: tuple[int, int] = (8, 16), **fields: Any) -> Employee:
    """Somebody in Essen who works every day, without a break."""
    row = Employee.objects.create(
        **{
            "tenant": tenant,
            "name": f"Employee {next(_numbers)}",
            "start_latitude": ESSEN[0],
            "start_longitude": ESSEN[1],
            **fields,
        }
    )
    for weekday in range(7):
        WorkingHours.objects.create(employee=row, weekday=weekday, start=time(hours[0]), end=time(hours[1]))
    return row


def appointment(target: Target, employee: Employee, start: datetime, **fields: Any) -> Appointment:
    """An hour with the target."""
    return Appointment.objects.create(
        **{
            "tenant": target.tenant,
            "target": target,
            "employee": employee,
            "day": DAY,
            "sequence": 1,
            "planned_start": start,
            "planned_end": start + timedelta(hours=1),
            "target_revision": target.revision,
            **fields,
        }
    )
