"""Reading appointments, by tenant."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from customers.selectors.finding import customer_ids_like
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment

MOST_FOUND = 200


def appointments_of_day(tenant: Tenant, day: date, *, employee_ids: Collection[int]) -> list[Appointment]:
    """Return what takes these employees' time on a day, with targets and their locations: one statement."""
    rows = Appointment.objects.filter(tenant=tenant, day=day, employee__in=employee_ids)
    rows = rows.exclude(status=Appointment.Status.CANCELLED)
    return list(rows.select_related("target__location").order_by("employee_id", "planned_start", "id"))


def changed(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return the open ones whose target was changed since they were published."""
    return rows.filter(status__in=Appointment.OPEN, target__revision__gt=F("target_revision"))


def target_ids_like(term: str, *, tenant: Tenant | None) -> list[int]:
    """Return the ids of the newest 200 targets with appointments: by external id or customer, else by title.

    Ids rather than a subquery, so that PostgreSQL goes from them to their appointments.
    """
    rows = Target.objects.filter(tenant=tenant) if tenant else Target.objects.all()
    rows = rows.filter(Exists(Appointment.objects.filter(target=OuterRef("pk"))))
    ids = rows.order_by("-id").values_list("id", flat=True)
    known = Q(external_id=term) | Q(customer_id__in=customer_ids_like(term, tenant=tenant))
    return list(ids.filter(known)[:MOST_FOUND]) or list(ids.filter(title__icontains=term)[:MOST_FOUND])
