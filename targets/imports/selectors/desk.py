"""What the start page shows of imports: few rows, found through indexes, for one tenant or (None) for all."""

from collections import Counter
from datetime import timedelta
from typing import TypeVar

from django.db.models import Count, Model, QuerySet, Sum
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.imports.selectors.reviews import with_waiting

Row = TypeVar("Row", bound=Model)

A_DAY = timedelta(hours=24)
MOST_COUNTED = 100


def latest_jobs(tenant: Tenant | None, *, limit: int) -> list[ImportJob]:
    """Return the newest jobs with their clients."""
    return list(_of(ImportJob.objects.select_related("client"), tenant).order_by("-id")[:limit])


def refused_lately(tenant: Tenant | None) -> QuerySet[ImportItem]:
    """Return the items that were refused in the last 24 hours, through an index of refused ones."""
    # Numbers of jobs grow with time, so the day begins behind the last one of the day before.
    before = ImportJob.objects.filter(rejected_items__gt=0, created_at__lt=timezone.now() - A_DAY)
    last = _of(before, tenant).order_by("-id").values_list("pk", flat=True).first() or 0
    rows = ImportItem.objects.filter(job__gt=last, status__word=ImportItem.Status.REJECTED.value)
    # The index begins with the tenant.
    return rows.filter(tenant=tenant) if tenant else rows.filter(tenant__in=Tenant.objects.all())


def items_refused_lately(tenant: Tenant | None, *, limit: int) -> list[ImportItem]:
    """Return the newest of them, with their jobs."""
    return list(refused_lately(tenant).select_related("job").order_by("-job_id", "index")[:limit])


def refusals_lately(tenant: Tenant | None) -> Counter[str]:
    """Return how many items were refused in the last 24 hours, by code."""
    counted = refused_lately(tenant).order_by().values_list("error_code").annotate(count=Count("pk"))
    return Counter(dict(counted))


def jobs_lately(tenant: Tenant | None) -> int:
    """Return how many jobs came in the last 24 hours, up to a hundred: reads no more than these."""
    since = timezone.now() - A_DAY
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


def _of(rows: QuerySet[Row], tenant: Tenant | None) -> QuerySet[Row]:
    return rows.filter(tenant=tenant) if tenant else rows
