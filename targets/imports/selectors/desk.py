"""What the start page shows of imports: few rows, found through indexes, for one tenant or (None) for all."""

from collections import Counter
from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet, Sum
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.imports.selectors.reviews import with_waiting

Row = TypeVar("Row", bound=Model)

JOBS_LOOKED_AT, ITEMS_LOOKED_AT = 200, 20_000
MOST_COUNTED = 100


def latest_jobs(tenant: Tenant | None, *, limit: int) -> list[ImportJob]:
    """Return the newest jobs with their clients."""
    return list(_of(ImportJob.objects.select_related("client"), tenant).order_by("-id")[:limit])


def items_refused_lately(tenant: Tenant | None, *, limit: int) -> list[ImportItem]:
    """Return the newest refused items of the last 24 hours, with their jobs.

    Through the newest 200 jobs that refused something: items have no index on their outcome. Their index
    begins with the tenant.
    """
    ids = dict(_refusing(tenant).values_list("pk", "tenant")[:JOBS_LOOKED_AT])
    return list(_refused(ids).select_related("job").order_by("-job_id", "index")[:limit])


def jobs_refusing_lately(tenant: Tenant | None) -> list[int]:
    """Return the newest jobs of the last 24 hours that refused something: at most 200 ids."""
    return list(_refusing(tenant).values_list("pk", flat=True)[:JOBS_LOOKED_AT])


def refusals_lately(tenant: Tenant | None) -> tuple[int, Counter[str]]:
    """Return how many items were refused in the last 24 hours, and by code those of the newest jobs.

    The number is that of the counters of at most 200 jobs. Codes are counted for so many of them as have
    20,000 items between them, one at least.
    """
    jobs = list(
        _refusing(tenant).values_list("pk", "tenant", "total_items", "rejected_items")[:JOBS_LOOKED_AT]
    )
    near: dict[int, int] = {}
    items = 0
    for pk, tenant_id, total, _ in jobs:
        if near and items + total > ITEMS_LOOKED_AT:
            break
        near[pk] = tenant_id
        items += total
    codes = Counter(_refused(near).values_list("error_code", flat=True)) if near else Counter()
    return sum(refused for *_, refused in jobs), codes


def jobs_lately(tenant: Tenant | None) -> int:
    """Return how many jobs came in the last 24 hours, up to a hundred: reads no more than these."""
    since = timezone.now() - timedelta(hours=24)
    newest = _of(ImportJob.objects.all(), tenant).order_by("-id").values_list("created_at", flat=True)
    return sum(created_at >= since for created_at in newest[:MOST_COUNTED])


def last_job_before(tenant: Tenant | None, age: timedelta) -> int:
    """Return the newest job that is older than that, 0 without one: whatever is greater is younger."""
    old = _of(ImportJob.objects.filter(created_at__lt=timezone.now() - age), tenant)
    return old.order_by("-id").values_list("pk", flat=True).first() or 0


def oldest_unfinished(tenant: Tenant | None) -> ImportJob | None:
    """Return the job that waits for its end the longest."""
    return _of(ImportJob.objects.filter(finished_at=None), tenant).order_by("created_at").first()


def items_waiting() -> int:
    """Return how many items of all jobs are not settled yet, by the counters of the unfinished ones."""
    waiting = ImportJob.objects.filter(finished_at=None).aggregate(items=Sum("pending_items"))
    return waiting["items"] or 0


def reviews_waiting(*, most: int) -> int:
    """Return how many doubtful records wait for a manager, up to so many."""
    rows = MappingReview.objects.filter(status__word=MappingReview.Status.OPEN)
    return rows.order_by()[:most].count()


def open_reviews(tenant: Tenant | None, *, limit: int) -> tuple[list[MappingReview], int]:
    """Return the newest open reviews with `waiting_count`, and how many there are (up to a hundred)."""
    reviews = _of(MappingReview.objects.filter(status=MappingReview.Status.OPEN), tenant)
    newest = list(with_waiting(reviews).select_related("source_system").order_by("-id")[:limit])
    count = len(newest) if len(newest) < limit else len(reviews.values_list("pk")[:MOST_COUNTED])
    return newest, count


def _refusing(tenant: Tenant | None) -> QuerySet[ImportJob]:
    since = timezone.now() - timedelta(hours=24)
    return _of(ImportJob.objects.filter(rejected_items__gt=0, created_at__gte=since), tenant).order_by("-id")


def _refused(jobs: dict[int, int]) -> QuerySet[ImportItem]:
    """Return the refused items of jobs, which are given with their tenants."""
    return ImportItem.objects.filter(
        tenant__in=set(jobs.values()), job_id__in=list(jobs), status=ImportItem.Status.REJECTED
    )


def _of(rows: QuerySet[Row], tenant: Tenant | None) -> QuerySet[Row]:
    return rows.filter(tenant=tenant) if tenant else rows
