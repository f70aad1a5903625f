"""Find imports by what a person has in hand: a correlation id, a job number, a batch id, an external id."""

from django.db.models import Q, QuerySet

from ordinavo.kernel.api import LARGEST_ID
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob

MOST_FOUND = 200


def job_ids_like(term: str, *, tenant: Tenant | None) -> list[int]:
    """Return the newest jobs with this correlation id or number: at most 200 ids."""
    found = Q(correlation_id=term)
    if term.isascii() and term.isdigit() and int(term) <= LARGEST_ID:
        found |= Q(pk=int(term))
    return list(_jobs(tenant).filter(found).order_by("-id").values_list("pk", flat=True)[:MOST_FOUND])


def job_ids_with_item(external_id: str, *, tenant: Tenant | None) -> list[int]:
    """Return the newest jobs that hold an item with this external id: at most 200 ids."""
    items = ImportItem.objects.filter(external_id=external_id)
    mine = items.filter(tenant=tenant) if tenant else items
    return list(mine.order_by("-id").values_list("job_id", flat=True)[:MOST_FOUND])


def _jobs(tenant: Tenant | None) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(tenant=tenant) if tenant else ImportJob.objects.all()
