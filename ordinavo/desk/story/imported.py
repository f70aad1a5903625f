"""The part of a story that imports wrote: items with their differences, and records in doubt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from customers.models import RecordKind
from ordinavo.desk.story.differences import applied, changes
from ordinavo.desk.story.lines import LINES_A_PAGE, Line, Window
from ordinavo.kernel.admin import show
from targets.imports.admin.reasons import reason_of
from targets.imports.marks import ITEM_STATUS, REVIEW_STATUS
from targets.imports.models import ImportItem, MappingReview, ReviewedItem
from targets.models import Target

REVIEWS_TOLD = 30


def import_lines(target: Target, window: Window) -> tuple[list[Line], list[ImportItem]]:
    """Return a line for each item with the target's external id, and the items: two statements."""
    rows = _items(target)
    items = sorted(window.rows(rows, "job__created_at"), key=lambda item: item.pk)
    earlier = rows.filter(_counts(), pk__lt=items[0].pk) if items else rows.none()
    known: dict[str, Any] = {}
    for payload in reversed(earlier.order_by("-pk").values_list("payload", flat=True)[:LINES_A_PAGE]):
        known = applied(known, payload)
    return list(_told(items, known)), items


def _items(target: Target) -> "QuerySet[ImportItem]":
    """Return what was sent for a target, refused items too; a target without an external id was not sent."""
    rows = ImportItem.objects.filter(
        tenant=target.tenant_id,
        external_id=target.external_id or "",
        job__source_system=target.source_system_id,
    )
    return rows.select_related("job__client") if target.external_id else rows.none()


def _counts() -> Q:
    """Return the condition for items whose fields became the target's."""
    return Q(status=ImportItem.Status.IMPORTED, job__validate_only=False)


def _told(items: Sequence[ImportItem], known: Mapping[str, Any]) -> Iterator[Line]:
    for item in items:
        yield _line(item, known)
        if item.status == ImportItem.Status.IMPORTED and not item.job.validate_only:
            known = applied(known, item.payload)


def _line(item: ImportItem, known: Mapping[str, Any]) -> Line:
    became = item.result or item.get_status_display()
    tried = "Tried out by" if item.job.validate_only else "Sent by"
    reason = f": {reason_of(item)}" if item.error_code else ""
    warned = ", ".join(str(one.get("code")) for one in item.warnings or [])
    mapped = f"customer data: {show.spaced(item.mapping_status).lower()}" if item.mapping_status else ""
    return Line(
        at=item.job.created_at,
        part="Import",
        text=f"{became}{reason}. {tried} {item.job.client} with job {item.job_id}",
        href=show.page_of(item),
        kind=ITEM_STATUS.get(item.get_status_display(), ""),
        changes=tuple(changes(known, item.payload)),
        more="; ".join(filter(None, [mapped, f"warnings: {warned}" if warned else ""])),
    )


def review_lines(target: Target, items: Sequence[ImportItem]) -> Iterator[Line]:
    """Yield what became of the records in doubt that came with these items: one statement."""
    for review in _reviews(target, items):
        told = f"{review.get_kind_display()} {review.name_sent}"
        reason = show.words(review.reason).lower()
        yield Line(
            review.created_at,
            "Mapping",
            f"{told} is in doubt: {reason}",
            show.page_of(review),
            "warn",
            rank=1,
        )
        if review.decided_at:
            word = review.get_status_display()
            by = review.decided_by or "the system"
            kind = REVIEW_STATUS.get(word, "")
            yield Line(
                review.decided_at, "Mapping", f"{told}: {word.lower()} by {by}", show.page_of(review), kind
            )


def _reviews(target: Target, items: Sequence[ImportItem]) -> "Iterable[MappingReview]":
    named: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for kind in RecordKind.values:
            record = item.payload.get(kind) if isinstance(item.payload, dict) else None
            if isinstance(record, dict) and isinstance(record.get("externalId"), str):
                named[kind].add(record["externalId"])
    found = Q(pk__in=ReviewedItem.objects.filter(item__in=[item.pk for item in items]).values("review"))
    for kind, keys in named.items():
        found |= Q(kind=kind, record_key__in=sorted(keys))
    rows = MappingReview.objects.filter(
        found, tenant=target.tenant_id, source_system=target.source_system_id
    ).select_related("decided_by")
    return rows.order_by("-pk")[:REVIEWS_TOLD]
