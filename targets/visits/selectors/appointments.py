"""Reading appointments, by tenant."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment


def appointments_of_day(tenant: Tenant, day: date, *, employee_ids: Collection[int]) -> list[Appointment]:
    """Return what takes these employees' time on a day, with targets and their locations: one statement."""
    rows = Appointment.objects.filter(tenant=tenant, day=day, employee__in=employee_ids)
    rows = rows.exclude(status=Appointment.Status.CANCELLED)
    return list(rows.select_related("target__location").order_by("employee_id", "planned_start", "id"))


def changed(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return the open ones whose target was changed since they were published."""
    return rows.filter(status__in=Appointment.OPEN, target__revision__gt=F("target_revision"))
