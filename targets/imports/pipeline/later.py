"""Imports that came after a decision and followed it: found when it is taken back, and mapped anew then."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from customers.matching.drafts import RecordDraft, RecordSet, review_key
from customers.matching.mapping import MAPPING_IDS
from customers.services.timeline import Happening
from integrations.models import IntegrationClient
from ordinavo.kernel.reactions import react
from ordinavo.kernel.sets import update_instances
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewDecision, ReviewedItem
from targets.imports.pipeline.drafts import CANCEL, TargetDraft
from targets.imports.pipeline.following import Following, followings
from targets.imports.pipeline.footprint import LINKS, linked_to
from targets.imports.pipeline.waiting import Waiting, WaitingItem
from targets.imports.pipeline.write import REPLANNED
from targets.models import Target

# Of the targets of a record so many are looked at, the newest.
MOST_LATER = 1_000
_OPEN = MappingReview.Status.OPEN

# Judges the form of what was sent, which is kept only while an item waits.
Judge = Callable[[Any, IntegrationClient], TargetDraft | Exception]


def came_later(decision: ReviewDecision) -> tuple[set[int], bool]:
    """Return the newest item of each target that came later and leads where the decision led.

    Whether there may be more than were looked at is said too.
    """
    review, linked = decision.review, Q()
    for kind, ids in taught(decision).items():
        linked |= Q(**{f"{kind}__in": sorted(ids)})
    if not linked:
        return set(), False
    targets = Target.objects.filter(linked, tenant=review.tenant_id, source_system=review.source_system_id)
    newest = list(targets.order_by("-id").values_list("pk", flat=True)[:MOST_LATER])
    told = ImportItem.objects.filter(
        target_id__in=newest, status=ImportItem.Status.IMPORTED, job__validate_only=False
    ).exclude(mapping_status="")
    last = told.order_by("target_id", "-place").distinct("target_id").values("pk")
    later = ImportItem.objects.filter(pk__in=last, processed_at__gt=decision.decided_at)
    return set(later.values_list("pk", flat=True)), len(newest) == MOST_LATER


def taught(decision: ReviewDecision) -> Mapping[str, set[int]]:
    """Return, by kind, the records that the decision made something known as."""
    found: dict[str, set[int]] = defaultdict(set)
    if decision.record_id is not None:
        found[decision.review.kind].add(decision.record_id)
    for said in decision.written.get("references", ()):
        found[said["kind"]].add(said["recordId"])
    return found


@dataclass(frozen=True, slots=True)
class Later:
    """What came later and followed. `kept` counts targets that are worked on, or were: they stay.

    `more` says that there may be others that were not looked at.
    """

    waiting: Waiting
    kept: int
    more: bool

    @property
    def targets(self) -> list[Target]:
        """The targets that are mapped anew."""
        return list(self.waiting.targets.values())

    def unlink(self, decision: ReviewDecision) -> list[Happening]:
        """Take the links away that go back to the decision, so that records which it made are free."""
        known, happenings, replanned = taught(decision), [], set()
        for target in self.targets:
            gone = _gone(target, known)
            for kind in gone:
                setattr(target, f"{kind}_id", None)
            target.revision += 1
            told = {kind: [old, None] for kind, old in gone.items()}
            happenings.append(Happening(target, "target.updated", {"changes": told}))
            if "location" in gone and target.status == Target.Status.SCHEDULED:
                replanned.add(target.pk)
        if happenings:
            update_instances(self.targets, {*LINKS, "revision"})
        react(REPLANNED, replanned)
        return happenings

    def map_anew(self) -> list[Following]:
        """Map what was sent as if it came now: without the decision, mostly into the same doubt."""
        groups = followings(self.waiting)
        waits = ReviewedItem.objects.filter(item_id__in=sorted(self.waiting.ids), review__status=_OPEN)
        before = set(waits.values_list("review", flat=True))
        for group in groups:
            group.map_again({})
            group.link_targets()
        for group in groups:
            group.settle({})
        # Doubts that only the wrong link had raised.
        MappingReview.objects.filter(
            pk__in=sorted(before), status=_OPEN, waiting=None, decisions=None
        ).delete()
        return groups


def follows_still(
    decision: ReviewDecision,
    items: Iterable[ImportItem],
    *,
    jobs: Mapping[int, ImportJob],
    targets: Mapping[int, Target],
    judge: Judge,
    more: bool,
) -> Later:
    """Return those of the items that the decision led, with their locked jobs and targets."""
    found, kept = [], 0
    for item in sorted(items, key=lambda one: one.place):
        target = targets.get(item.target_id or 0)
        if target is None or target.mapping != item.mapping:
            continue
        draft = judge(item.payload, jobs[item.job_id].client)
        if (
            not isinstance(draft, TargetDraft)
            or draft.operation == CANCEL
            or not _led(decision, draft, target)
        ):
            continue
        if target.status in (Target.Status.IN_PROGRESS, Target.Status.COMPLETED):
            kept += 1
        else:
            found.append(WaitingItem(item, draft))
    held = {one.row.target_id: targets[one.row.target_id] for one in found if one.row.target_id}
    speakers = {one.row.target_id: one.row.pk for one in found if one.row.target_id}
    ids = frozenset(one.row.pk for one in found)
    return Later(Waiting(ids, jobs, held, tuple(found), speakers), kept, more)


def _led(decision: ReviewDecision, draft: TargetDraft, target: Target) -> bool:
    """Whether a record that was sent is known as what it is by this decision."""
    ids = {(said["kind"], said["externalId"]): said["recordId"] for said in decision.written["references"]}
    for record in draft.records:
        told = (target.mapping or {}).get(MAPPING_IDS[record.kind])
        if told is None:
            continue
        named = ids.get((record.kind, record.external_id)) == told
        if named or (told == decision.record_id and _is_reviewed(decision, record, draft.records, target)):
            return True
    return False


def _is_reviewed(decision: ReviewDecision, record: RecordDraft, records: RecordSet, target: Target) -> bool:
    key = review_key(record, customer=records.customer, within=target.customer_id)
    return (record.kind, key) == (decision.review.kind, decision.review.record_key)


def _gone(target: Target, known: Mapping[str, set[int]]) -> dict[str, int]:
    """Return the links that go; a customer takes its location and contact along."""
    linked = {kind: pk for kind, pk in linked_to(target).items() if pk is not None}
    if linked.get("customer") in known.get("customer", ()):
        return linked
    return {kind: pk for kind, pk in linked.items() if pk in known.get(kind, ())}
