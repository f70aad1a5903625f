"""What waited for a review follows its decision: mapped again by the code that maps imports, then written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from customers.matching.decisions import Decisions
from customers.matching.mapping import NEEDS_REVIEW
from customers.services.mapping import Mapper
from customers.services.timeline import Happening
from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.lean import link
from ordinavo.kernel.reactions import react
from ordinavo.kernel.sets import update_instances, update_rows
from targets.imports.models import ImportItem, ImportJob, MappingReview, ReviewedItem
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.decide import changes_of
from targets.imports.pipeline.footprint import Footprint, linked_to
from targets.imports.pipeline.links import links_after
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.reviews import Answered, Raced, open_reviews, require_unanswered
from targets.imports.pipeline.settle import waiting_draft
from targets.imports.pipeline.waiting import Waiting, WaitingItem, cleared_since
from targets.imports.pipeline.write import REPLANNED
from targets.models import Target

# A customer's decision can lead to one about its location, and that to one about its contact.
_ROUNDS = 5
_LINKS = ("customer", "location", "contact")
_OPEN = MappingReview.Status.OPEN


class Following:
    """The items of one client that follow a decision.

    `happenings` is for the timeline, `footprint` for taking the decision back.
    """

    def __init__(self, waiting: Waiting, context: Context, items: list[WaitingItem]) -> None:
        self._waiting = waiting
        self._context = context
        self._items = items
        self._decisions: Decisions = {}
        self._outcomes: list[Outcome] = []
        self.happenings: list[Happening] = []
        self.footprint = Footprint()

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of the items."""
        return self._outcomes

    @property
    def targets(self) -> list[Target]:
        """The targets that follow: they still have the customer data of their items."""
        return [target for item in self._items if (target := self._target_of(item)) is not None]

    def map_again(self, decisions: Decisions) -> None:
        """Decide anew who the records are, and write what that adds to the customers."""
        self._decisions = dict(decisions)
        for _ in range(_ROUNDS):
            mapper = self._propose()
            try:
                require_unanswered(self._context, self._outcomes, self._decisions)
            except Answered as answered:
                self._decisions = {**self._decisions, **answered.decisions}
                continue
            written = mapper.flush()
            self.footprint.note_records(written, self._outcomes)
            self.happenings += written
            return
        raise Raced

    def link_targets(self) -> None:
        """Give the targets the links that follow, unless later imports have said something else."""
        cleared = cleared_since(self._waiting)
        changed, replanned = [], set()
        for item, outcome in zip(self._items, self._outcomes, strict=True):
            target = self._target_of(item)
            if target is None:
                continue
            before = {**linked_to(target), "mapping": target.mapping}
            changes = self._link(target, item, outcome, cleared.get(target.pk, set()))
            self.footprint.note_target(item.row, target, before)
            changed.append(target)
            if "location" in changes and target.status == Target.Status.SCHEDULED:
                replanned.add(target.pk)
        if changed:
            update_instances(changed, {*_LINKS, "mapping", "revision"})
        react(REPLANNED, replanned)

    def settle(self, decisions: Decisions) -> None:
        """Open reviews for what is still in doubt, and rewrite the items and the counters of their jobs."""
        open_reviews(self._context, self._outcomes, {**self._decisions, **decisions})
        waited_for = _attach(self._items, self._outcomes)
        deltas: dict[int, Counter[str]] = defaultdict(Counter)
        rows = []
        for item, outcome in zip(self._items, self._outcomes, strict=True):
            told = outcome.mapping_json or {}
            self.footprint.note_item(item.row, waited_for=waited_for[item.row.pk])
            deltas[item.row.job_id].update(mapping_delta(item.row, told))
            rows.append(_row(item.row, outcome, told))
        update_rows(ImportItem, rows)
        count_on_jobs(self._waiting.jobs, deltas)

    def _propose(self) -> Mapper:
        mapper = Mapper.load(
            tenant=self._context.tenant,
            source_system=self._context.source_system,
            policy=self._context.policy,
            records=[item.draft.records for item in self._items],
        )
        mapper.know_decisions(self._decisions)
        mapper.know_owners(
            [
                (item.draft.records, target.customer_id)
                for item in self._items
                if (target := self._target_of(item)) is not None and target.customer_id
            ]
        )
        self._outcomes = [self._outcome(mapper, item) for item in self._items]
        return mapper

    def _outcome(self, mapper: Mapper, item: WaitingItem) -> Outcome:
        target, current = self._target_of(item), None
        if target is not None and target.customer_id and item.draft.records.customer is None:
            current = mapper.customer(target.customer_id)
        mapping = mapper.propose(item.draft.records, current=current)
        mapper.adopt(mapping)
        return Outcome(item.draft, item.row.result, target=target, mapping=mapping)

    def _target_of(self, item: WaitingItem) -> Target | None:
        """Return the item's target if the target still has this item's customer data."""
        target_id = item.row.target_id
        if target_id is None or self._waiting.speakers.get(target_id) != item.row.pk:
            return None
        return self._waiting.targets[target_id]

    def _link(
        self, target: Target, item: WaitingItem, outcome: Outcome, cleared: set[str]
    ) -> Mapping[str, Any]:
        links = links_after(target, item.draft, outcome.mapping)
        changes = changes_of(target, {kind: row for kind, row in links.items() if kind not in cleared})
        for kind, (_, record) in changes.items():
            link(target, kind, record)
        target.mapping = outcome.mapping_json
        if changes:
            target.revision += 1
            told = {kind: [old, None if new is None else new.pk] for kind, (old, new) in changes.items()}
            self.happenings.append(Happening(target, "target.updated", {"changes": told}))
        return changes


def followings(waiting: Waiting) -> list[Following]:
    """Return what waits, by client: each has its own switches and scopes."""
    by_client: dict[int, list[WaitingItem]] = defaultdict(list)
    for item in waiting.items:
        by_client[waiting.jobs[item.row.job_id].client_id].append(item)
    return [
        Following(waiting, Context(waiting.jobs[items[0].row.job_id].client, items[-1].row.job_id), items)
        for _, items in sorted(by_client.items())
    ]


def _attach(items: Iterable[WaitingItem], outcomes: Iterable[Outcome]) -> Mapping[int, set[int]]:
    """Let each item wait for what is still in doubt, and for nothing else that is open.

    Returns the open reviews that each item waited for before.
    """
    wanted = {
        (review_id, item.row.pk)
        for item, outcome in zip(items, outcomes, strict=True)
        for review_id in outcome.review_ids
    }
    waits = ReviewedItem.objects.filter(
        item_id__in=sorted(item.row.pk for item in items), review__status=_OPEN
    )
    stored = {
        (review_id, item_id): pk for pk, review_id, item_id in waits.values_list("pk", "review", "item")
    }
    ReviewedItem.objects.filter(pk__in=[pk for pair, pk in stored.items() if pair not in wanted]).delete()
    ReviewedItem.objects.bulk_create(
        ReviewedItem(review_id=review_id, item_id=item_id)
        for review_id, item_id in sorted(wanted - stored.keys())
    )
    waited_for: dict[int, set[int]] = defaultdict(set)
    for review_id, item_id in stored:
        waited_for[item_id].add(review_id)
    return waited_for


def mapping_delta(item: ImportItem, told: Mapping[str, Any]) -> dict[str, int]:
    """Return what another mapping adds to the counters of the item's job."""
    warned = [bool(item.warnings or (one or {}).get("warnings")) for one in (item.mapping, told)]
    doubted = [status == NEEDS_REVIEW for status in (item.mapping_status, told["status"])]
    return {
        "warning_items": warned[1] - warned[0],
        "needs_review_items": doubted[1] - doubted[0],
    }


def _row(item: ImportItem, outcome: Outcome, told: Mapping[str, Any]) -> dict[str, Any]:
    draft = waiting_draft(outcome)
    return {
        "id": item.pk,
        "mapping": json_text(told),
        "mapping_status": told["status"],
        "draft": None if draft is None else json_text(draft),
    }


def count_on_jobs(jobs: Mapping[int, ImportJob], deltas: Mapping[int, Counter[str]]) -> None:
    """Add to the counters of locked jobs, with one statement."""
    rows = []
    for job_id, delta in sorted(deltas.items()):
        job = jobs[job_id]
        job.warning_items += delta["warning_items"]
        job.needs_review_items += delta["needs_review_items"]
        counted = {"warning_items": job.warning_items, "needs_review_items": job.needs_review_items}
        rows.append({"id": job_id, **counted})
    update_rows(ImportJob, rows)
