"""What the start page shows of imports: few rows, found through indexes, for one tenant or (None) for all."""

from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.imports.selectors.reviews import with_waiting

Row = TypeVar("Row", bound=Model)

JOBS_LOOKED_AT = 200
MOST_COUNTED = 100


def latest_jobs(tenant: Tenant | None, *, limit: int) -> list[ImportJob]:
    """Return the newest jobs with their clients."""
    return list(_of(ImportJob.objects.select_related("client"), tenant).order_by("-id")[:limit])


def items_refused_lately(tenant: Tenant | None, *, limit: int) -> list[ImportItem]:
    """Return the newest refused items of the last 24 hours, with their jobs.

    Through the newest 200 jobs that refused something: items have no index on their outcome. Their index
    begins with the tenant.
    """
    since = timezone.now() - timedelta(hours=24)
    jobs = _of(ImportJob.objects.filter(rejected_items__gt=0, created_at__gte=since), tenant)
    ids = dict(jobs.order_by("-id").values_list("pk", "tenant")[:JOBS_LOOKED_AT])
    refused = ImportItem.objects.filter(
        tenant__in=set(ids.values()), job_id__in=list(ids), status=ImportItem.Status.REJECTED
    )
    return list(refused.select_related("job").order_by("-job_id", "index")[:limit])


def open_reviews(tenant: Tenant | None, *, limit: int) -> tuple[list[MappingReview], int]:
    """Return the newest open reviews with `waiting_count`, and how many there are (up to a hundred)."""
    reviews = _of(MappingReview.objects.filter(status=MappingReview.Status.OPEN), tenant)
    newest = list(with_waiting(reviews).select_related("source_system").order_by("-id")[:limit])
    count = len(newest) if len(newest) < limit else len(reviews.values_list("pk")[:MOST_COUNTED])
    return newest, count


def _of(rows: QuerySet[Row], tenant: Tenant | None) -> QuerySet[Row]:
    return rows.filter(tenant=tenant) if tenant else rows
