"""The items that wait for a review, held with their jobs and targets while a decision is written."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from customers.matching.drafts import RecordDraft
from customers.matching.locks import lock_numbers
from customers.matching.mapping import KINDS
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.imports.pipeline import codec
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.gate import shut
from targets.imports.pipeline.reviews import Raced
from targets.models import Target


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item with the form that was judged when it came."""

    row: ImportItem
    draft: TargetDraft


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits for one review. `items` are in the order of their requests; `ids` are all items.

    `speakers` names, by target, the item whose customer data the target still has.
    """

    ids: frozenset[int]
    jobs: Mapping[int, ImportJob]
    targets: Mapping[int, Target]
    items: tuple[WaitingItem, ...]
    speakers: Mapping[int, int]

    def newest_record(self, review: MappingReview) -> RecordDraft:
        """Return what was said last about the record in doubt."""
        for item in reversed(self.items):
            for draft in item.draft.records:
                if draft.kind == review.kind and draft.external_id == review.external_id:
                    return draft
        return RecordDraft(review.kind, review.external_id, review.record, path=review.kind)


def waiting_ids(review: MappingReview) -> frozenset[int]:
    """Return the ids of the items that wait for the review."""
    return frozenset(ReviewedItem.objects.filter(review=review).values_list("item_id", flat=True))


def hold(review: MappingReview) -> Waiting:
    """Lock jobs, the gate, customer numbers and targets, in the order in which imports lock them.

    `Raced` if a job that is being worked on attached items between the first two.
    """
    first = locked_jobs(items_by_id(waiting_ids(review)))
    shut(review.source_system)
    ids = waiting_ids(review)
    rows = items_by_id(ids)
    jobs = first | locked_jobs(rows.exclude(job_id__in=list(first)), nowait=True)
    stored = rows.exclude(draft=None).defer("payload").order_by("place")
    items = tuple(WaitingItem(row, codec.load(row.draft)) for row in stored)
    lock_numbers(review.tenant, {draft.number for item in items for draft in item.draft.records} - {""})
    targets = locked_targets(review, {item.row.target_id for item in items if item.row.target_id})
    speakers = {target.pk: item for target, item in _speakers(items, targets)}
    return Waiting(ids, jobs, targets, items, speakers)


def cleared_since(waiting: Waiting) -> Mapping[int, set[str]]:
    """Return, by target, the kinds of records that later imports took away by sending null."""
    places = {item.row.target_id: item.row.place for item in waiting.items if item.row.target_id}
    gone: dict[int, set[str]] = defaultdict(set)
    for target_id, place, payload in (
        _later(waiting.targets, places)
        .filter(mapping_status="")
        .exclude(result=ImportItem.Result.CANCELLED)
        .values_list("target_id", "place", "payload")
    ):
        if place > places[target_id]:
            gone[target_id] |= {kind for kind in KINDS if kind in payload and payload[kind] is None}
    return gone


def items_by_id(ids: Collection[int]) -> QuerySet[ImportItem]:
    """Return the items with these ids."""
    return ImportItem.objects.filter(pk__among=sorted(ids))


def locked_jobs(rows: QuerySet[ImportItem], *, nowait: bool = False) -> dict[int, ImportJob]:
    """Return the jobs of the items. A worker that has one may be waiting for us: then we go back."""
    ids = set(rows.values_list("job_id", flat=True))
    jobs = ImportJob.objects.select_for_update(of=("self",), skip_locked=nowait).filter(pk__among=sorted(ids))
    related = jobs.select_related("client__tenant", "client__source_system")
    found = {job.pk: job for job in related.order_by("pk")}
    if len(found) < len(ids):
        raise Raced
    return found


def locked_targets(review: MappingReview, ids: set[int]) -> dict[int, Target]:
    """Lock targets in the order in which imports lock them."""
    rows = Target.objects.select_for_update(of=("self",)).filter(
        tenant=review.tenant_id, source_system=review.source_system_id, pk__among=sorted(ids)
    )
    return {row.pk: row for row in rows.select_related("customer").order_by("external_id")}


def _speakers(items: tuple[WaitingItem, ...], targets: Mapping[int, Target]) -> Iterator[tuple[Target, int]]:
    """A later import with customer data has the last word; what differs has moved on too."""
    newest = {item.row.target_id: item.row for item in items}
    places = {target_id: row.place for target_id, row in newest.items() if target_id}
    told = _later(targets, places).exclude(mapping_status="").values_list("target_id", "place")
    moved_on = {target_id for target_id, place in told if place > places[target_id]}
    for target_id, target in targets.items():
        row = newest.get(target_id)
        if row is not None and target_id not in moved_on and target.mapping == row.mapping:
            yield target, row.pk


def _later(targets: Mapping[int, Target], places: Mapping[Any, int]) -> QuerySet[ImportItem]:
    """Return imported items of the targets since the first of these places."""
    return ImportItem.objects.filter(
        target_id__in=sorted(targets),
        status=ImportItem.Status.IMPORTED,
        place__gt=min(places.values(), default=0),
        job__validate_only=False,
    )
