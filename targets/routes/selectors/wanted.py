"""Which targets staff mean when they ask for routes."""

from datetime import date

from django.db.models import Q, QuerySet

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob
from targets.models import Target
from targets.routes.selectors.naming import targets_of_job


def open_targets(tenant: Tenant) -> QuerySet[Target]:
    """Return what can be planned at all."""
    return Target.objects.filter(tenant=tenant, status=Target.Status.OPEN)


def open_on(tenant: Tenant, day: date, *, undated: bool) -> QuerySet[Target]:
    """Return the open targets of a day, with or without those that no day was said for."""
    fits = Q(route_date=day) | Q(route_date=None) if undated else Q(route_date=day)
    return open_targets(tenant).filter(fits)


def open_of_job(tenant: Tenant, job_id: int) -> QuerySet[Target] | None:
    """Return the open targets of one of the tenant's import jobs, or None if it has no such job."""
    job = ImportJob.objects.filter(tenant=tenant, pk=job_id).first()
    return None if job is None else open_targets(tenant).filter(id__in=targets_of_job(job))
