"""The queue of reviews that managers work off: narrowed, in an order, each manager's own skips at its end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy, RawSQL
from django.utils import timezone

from customers.models import RecordKind
from ordinavo.tenants.models import Tenant, User
from targets.imports.models import MappingReview, SkippedReview

MOST_WAITING = 1000
OPEN = MappingReview.Status.OPEN

# Several items of one target may wait. No more than a thousand are looked at: they say "very many" as well.
_TARGETS = """(
    SELECT count(DISTINCT item.target_id) FROM (
        SELECT item_id FROM imports_revieweditem WHERE review_id = imports_mappingreview.id LIMIT %s
    ) AS waits JOIN imports_importitem AS item ON item.id = waits.item_id
)"""

REASONS = {
    "ambiguous_customer": "Several customers fit",
    "ambiguous_location": "Several locations fit",
    "ambiguous_contact": "Several contacts fit",
    "probable_match": "Probably the same",
    "customer_number_conflict": "Customer number of somebody else",
    "location_of_other_customer": "Location of another customer",
    "contact_of_other_customer": "Contact of another customer",
    "customer_inactive": "Customer is inactive",
    "mapping_needs_review": "Managers decide everything",
}
AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
SCORES: dict[str, Q] = {
    "high": Q(score__gte=0.65),
    "even": Q(score__gte=0.5, score__lt=0.65),
    "low": Q(score__lt=0.5),
    "none": Q(score=None),
}
_ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("pk",),
    "score": (F("score").desc(nulls_last=True), "pk"),
    "waiting": ("-target_count", "pk"),
    "newest": ("-pk",),
}


def with_targets(reviews: QuerySet[MappingReview]) -> QuerySet[Any]:
    """Return the reviews with `target_count`, how many targets wait for each (at most a thousand)."""
    return reviews.annotate(target_count=RawSQL(_TARGETS, [MOST_WAITING], output_field=IntegerField()))  # noqa: S611


def ordering(name: str) -> tuple[Any, ...]:
    """Return how an order is written; the oldest come first unless another one is named."""
    return _ORDERS.get(name, _ORDERS[""])


def narrowed(reviews: QuerySet[Any], wanted: Mapping[str, str]) -> QuerySet[Any]:
    """Return the reviews that fit: by `kind`, `reason`, `age` (at least), `score`, `client`, `source_system`.

    What is not known narrows nothing.
    """
    conditions = Q()
    if wanted.get("kind") in RecordKind.values:
        conditions &= Q(kind=wanted["kind"])
    if wanted.get("reason") in REASONS:
        conditions &= Q(reason=wanted["reason"])
    if wanted.get("age") in AGES:
        conditions &= Q(created_at__lte=timezone.now() - AGES[wanted["age"]])
    if wanted.get("score") in SCORES:
        conditions &= SCORES[wanted["score"]]
    for column in ("client", "source_system"):
        value = wanted.get(column, "")
        if value.isascii() and value.isdigit() and len(value) < 19:
            conditions &= Q(**{column: int(value)})
    return reviews.filter(conditions)


def queue_of(tenant: Tenant, user: User, wanted: Mapping[str, str]) -> QuerySet[Any]:
    """Return the open reviews that fit, in the wanted order, those that the manager skipped at the end."""
    skipped = SkippedReview.objects.filter(review=OuterRef("pk"), user=user).values("skipped_at")
    rows = narrowed(MappingReview.objects.filter(tenant=tenant, status=OPEN), wanted)
    if wanted.get("order") == "waiting":
        rows = with_targets(rows)
    last: OrderBy = F("skipped_at").asc(nulls_first=True)
    queued: QuerySet[Any] = rows.annotate(skipped_at=Subquery(skipped))
    return queued.order_by(last, *ordering(wanted.get("order", "")))


def next_review(tenant: Tenant, user: User, wanted: Mapping[str, str]) -> MappingReview | None:
    """Return the first review of the manager's queue."""
    found: MappingReview | None = queue_of(tenant, user, wanted).first()
    return found


def open_count(tenant: Tenant, wanted: Mapping[str, str]) -> int:
    """Return how many open reviews fit, up to a thousand."""
    rows = narrowed(MappingReview.objects.filter(tenant=tenant, status=OPEN), wanted)
    return len(rows.order_by().values_list("pk")[:MOST_WAITING])
