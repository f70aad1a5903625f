"""Taking a decision back: what it wrote is put as it was, where nothing has happened to it since."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customers.services.timeline import Happening
from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.reactions import react
from ordinavo.kernel.sets import update_instances, update_rows
from targets.imports.models import (
    ImportItem,
    ImportJob,
    MappingReview,
    ReviewDecision,
    ReviewedItem,
    SettledItem,
)
from targets.imports.pipeline.following import count_on_jobs, mapping_delta
from targets.imports.pipeline.footprint import LINKS, linked_to
from targets.imports.pipeline.gate import shut
from targets.imports.pipeline.later import Judge, Later, came_later, follows_still
from targets.imports.pipeline.waiting import items_by_id, locked_jobs, locked_targets
from targets.imports.pipeline.write import REPLANNED
from targets.models import Target

_OPEN = MappingReview.Status.OPEN
# Somebody works there, or has: what was done was done for this customer.
_UNDER_WAY = (Target.Status.IN_PROGRESS, Target.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Settled:
    """An item that a decision settled, as it was and as it is, with its target if it has one."""

    item: ImportItem
    was: Mapping[str, Any]
    target: Target | None

    @property
    def follows(self) -> bool:
        """Whether the target still has what the decision gave it."""
        linked = self.was["target"]
        if self.target is None or linked is None or linked["id"] != self.target.pk:
            return False
        return bool(linked_to(self.target) == linked["after"] and self.target.mapping == self.item.mapping)

    @property
    def relinked(self) -> bool:
        """Whether the decision changed where the target leads."""
        linked = self.was["target"]
        return bool(linked) and any(linked["before"][kind] != linked["after"][kind] for kind in LINKS)

    @property
    def under_way(self) -> bool:
        """Whether somebody works on the target, or has, with the links that would go."""
        status = None if self.target is None else self.target.status
        return self.follows and self.relinked and status in _UNDER_WAY


@dataclass(frozen=True, slots=True)
class Held:
    """All that a decision settled, and what came later and followed it, locked."""

    jobs: Mapping[int, ImportJob]
    settled: tuple[Settled, ...]
    later: Later

    @property
    def following(self) -> list[Settled]:
        """The items whose targets still have what the decision gave them."""
        return [one for one in self.settled if one.follows and not self._spoken_for(one)]

    @property
    def relinked(self) -> int:
        """How many targets lead elsewhere through the decision."""
        return sum(one.relinked for one in self.following)

    @property
    def moved_on(self) -> int:
        """How many targets have got other customer data since."""
        linked = (one for one in self.settled if one.was["target"] is not None)
        return sum(not one.follows and not self._spoken_for(one) for one in linked)

    def _spoken_for(self, one: Settled) -> bool:
        """Whether a later import has the last word about the target, and is mapped anew."""
        return one.item.target_id in self.later.waiting.targets


def hold_settled(decision: ReviewDecision, judge: Judge) -> Held:
    """Lock jobs, the gate and targets, in the order in which imports and decisions lock them.

    `Raced` if a job that is being worked on brought more items between the first two.
    """
    was = dict(decision.settled.values_list("item_id", "before"))
    jobs = locked_jobs(items_by_id({*was, *came_later(decision)[0]}))
    shut(decision.review.source_system)
    ids, more = came_later(decision)
    later = list(items_by_id(ids - was.keys()))
    jobs |= locked_jobs(items_by_id(ids).exclude(job_id__in=list(jobs)), nowait=True)
    items = list(items_by_id(sorted(was)).defer("payload").order_by("place"))
    linked = {one["target"]["id"] for one in was.values() if one["target"]}
    targets = locked_targets(decision.review, linked | {item.target_id for item in later if item.target_id})
    return Held(
        jobs,
        tuple(Settled(item, was[item.pk], targets.get(item.target_id or 0)) for item in items),
        follows_still(decision, later, jobs=jobs, targets=targets, judge=judge, more=more),
    )


def decided_later(decision: ReviewDecision) -> ReviewDecision | None:
    """Return a later decision, still standing, that settled one of the same items."""
    mine = decision.settled.values("item")
    later = SettledItem.objects.filter(
        item__in=mine, decision_id__gt=decision.pk, decision__undone_at=None
    ).select_related("decision__review")
    first = later.order_by("decision_id").first()
    return None if first is None else first.decision


def put_back(held: Held) -> list[Happening]:
    """Give targets, items and counters of jobs back what they had; return what happened to the targets."""
    happenings = _put_back_targets(held)
    _put_back_items(held)
    _wait_again(held)
    return happenings


def _put_back_targets(held: Held) -> list[Happening]:
    changed: list[Target] = []
    happenings, replanned = [], set()
    for one in held.following:
        target, before = one.target, one.was["target"]["before"]
        assert target is not None  # noqa: S101  (those that follow have one)
        told = {kind: [old, before[kind]] for kind, old in linked_to(target).items() if old != before[kind]}
        for kind in LINKS:
            setattr(target, f"{kind}_id", before[kind])
        target.mapping = before["mapping"]
        changed.append(target)
        if told:
            target.revision += 1
            happenings.append(Happening(target, "target.updated", {"changes": told}))
        if "location" in told and target.status == Target.Status.SCHEDULED:
            replanned.add(target.pk)
    if changed:
        update_instances(changed, {*LINKS, "mapping", "revision"})
    react(REPLANNED, replanned)
    return happenings


def _put_back_items(held: Held) -> None:
    deltas: dict[int, Counter[str]] = defaultdict(Counter)
    rows = []
    for one in held.settled:
        told = one.was["mapping"] or {}
        deltas[one.item.job_id].update(mapping_delta(one.item, {**told, "status": one.was["mappingStatus"]}))
        rows.append(
            {
                "id": one.item.pk,
                "mapping": _text(one.was["mapping"]),
                "mapping_status": one.was["mappingStatus"],
                "draft": _text(one.was["draft"]),
            }
        )
    if rows:
        update_rows(ImportItem, rows)
        count_on_jobs(held.jobs, deltas)


def _wait_again(held: Held) -> None:
    """Let items wait for the open reviews that they waited for, and close those that nobody waits for."""
    before = dict(_pairs(held))
    waits = ReviewedItem.objects.filter(item_id__in=sorted(before), review__status=_OPEN)
    strange = [
        (pk, review)
        for pk, item, review in waits.values_list("pk", "item", "review")
        if review not in before[item]
    ]
    ReviewedItem.objects.filter(pk__in=[pk for pk, _ in strange]).delete()
    opened = {review for _, review in strange}
    MappingReview.objects.filter(pk__in=sorted(opened), status=_OPEN, waiting=None, decisions=None).delete()
    wanted = {(review, item) for item, reviews in before.items() for review in reviews}
    still = set(
        MappingReview.objects.filter(pk__in={review for review, _ in wanted}, status=_OPEN).values_list(
            "pk", flat=True
        )
    )
    ReviewedItem.objects.bulk_create(
        (ReviewedItem(review_id=review, item_id=item) for review, item in sorted(wanted) if review in still),
        ignore_conflicts=True,
    )


def _pairs(held: Held) -> Iterator[tuple[int, list[int]]]:
    return ((one.item.pk, one.was["reviews"]) for one in held.settled)


def _text(value: Any) -> str | None:
    return None if value is None else json_text(value)
