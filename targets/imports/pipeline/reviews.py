"""Doubtful records become reviews: one open review per record, however many items wait for it."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from customers.matching.decisions import UNDECIDED, Decision, Decisions, ReviewKey
from customers.matching.drafts import RecordDraft
from customers.matching.judge import EXTERNAL_ID, MANUAL, Step, Verdict
from customers.matching.mapping import Mapping
from customers.selectors.knowledge import refused_pairs
from targets.imports.models import MappingReview
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.gate import pass_or_go_back
from targets.imports.pipeline.outcome import Outcome


class Raced(Exception):
    """What was read has changed before it could be written; the set is worked off anew."""


class Answered(Exception):
    """Managers have answered doubts of the set; it is worked off anew with their decisions."""

    def __init__(self, decisions: Decisions) -> None:
        super().__init__()
        self.decisions = decisions


def require_unanswered(context: Context, outcomes: Iterable[Outcome], known: Decisions) -> None:
    """Raise `Answered` if there are decisions about doubts of these outcomes beyond the known ones.

    One statement, if anything is in doubt, and one if anything was found by evidence, since a manager may
    have ruled out just that. It is asked twice: before anything is written, and once no decision can be,
    since a manager may have been faster.
    """
    outcomes = list(outcomes)
    doubts = {key for outcome in outcomes for key in _keys(outcome, _is_doubt)}
    found = decisions_about(context, doubts) if doubts else {}
    unsure = doubts.union(key for outcome in outcomes for key in _keys(outcome, _is_evidence))
    for key, ids in refused_pairs(source_system=context.source_system, keys=unsure).items():
        found[key] = replace(found.get(key) or known.get(key) or UNDECIDED, not_these=ids)
    unknown = {key: found[key] for key in found if found[key] != known.get(key)}
    if unknown:
        raise Answered(unknown)


def decisions_about(context: Context, keys: Iterable[ReviewKey]) -> dict[ReviewKey, Decision]:
    """Return the latest decision about each of these records that was decided about."""
    closed = _rows(context, keys).exclude(status=MappingReview.Status.OPEN).order_by("id")
    return {(row.kind, row.record_key): decision_of(row) for row in closed}


def decision_of(review: MappingReview, *, closing: bool = False) -> Decision:
    """Return a review's answer as mapping takes it."""
    return Decision(
        review_id=review.pk,
        record_id=review.chosen_id,
        reason=review.reason,
        candidates=frozenset(candidate["id"] for candidate in review.candidates),
        number=review.record.get("number") or "",
        digest=RecordDraft(review.kind, review.external_id, review.record, path="").digest(),
        closing=closing,
    )


def open_reviews(context: Context, outcomes: Iterable[Outcome], known: Decisions) -> None:
    """Open what is not open yet, and note on each outcome what it waits for: four statements, if any.

    No decision is written until the transaction ends, so that no item comes too late. `Held` if one is just
    being written.
    """
    doubtful = [(outcome, m) for outcome in outcomes if (m := outcome.mapping) is not None and m.doubts]
    wanted: dict[ReviewKey, MappingReview] = {}
    for _, mapping in doubtful:
        for draft, verdict in mapping.doubts:
            key = _key(mapping, draft)
            wanted.setdefault(key, _review(context, draft, verdict, key))
    if not wanted:
        return
    pass_or_go_back(context.source_system)
    MappingReview.objects.bulk_create((wanted[key] for key in sorted(wanted)), ignore_conflicts=True)
    ids = _open_ids(context, wanted)
    require_unanswered(context, (outcome for outcome, _ in doubtful), known)
    for outcome, mapping in doubtful:
        outcome.review_ids = [_found(ids, _key(mapping, draft)) for draft, _ in mapping.doubts]


def record_json(draft: RecordDraft) -> dict[str, Any]:
    """Return what was sent about a record as a review keeps it."""
    said: dict[str, Any] = json.loads(json.dumps(dict(draft.values), cls=DjangoJSONEncoder))
    return said


def _keys(outcome: Outcome, wanted: Callable[[Verdict], bool]) -> list[ReviewKey]:
    mapping = outcome.mapping
    if mapping is None:
        return []
    return [_key(mapping, draft) for draft, verdict in mapping.verdicts.values() if wanted(verdict)]


def _is_doubt(verdict: Verdict) -> bool:
    return verdict.step is Step.ASK


def _is_evidence(verdict: Verdict) -> bool:
    """Whether a record was found by what it looks like, not by what it is called."""
    return verdict.step is Step.LINK and verdict.matched_by not in {EXTERNAL_ID, MANUAL}


def _found(ids: dict[ReviewKey, int], key: ReviewKey) -> int:
    if key not in ids:
        raise Raced
    return ids[key]


def _key(mapping: Mapping, draft: RecordDraft) -> ReviewKey:
    return draft.kind, mapping.review_key(draft)


def _rows(context: Context, keys: Iterable[ReviewKey]) -> QuerySet[MappingReview]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, record_key in keys:
        by_kind[kind].append(record_key)
    wanted = Q()
    for kind, record_keys in by_kind.items():
        wanted |= Q(kind=kind, record_key__in=record_keys)
    return MappingReview.objects.filter(wanted, tenant=context.tenant, source_system=context.source_system)


def _open_ids(context: Context, keys: Iterable[ReviewKey]) -> dict[ReviewKey, int]:
    rows = _rows(context, keys).filter(status=MappingReview.Status.OPEN)
    return {(kind, key): pk for kind, key, pk in rows.values_list("kind", "record_key", "id")}


def _review(context: Context, draft: RecordDraft, verdict: Verdict, key: ReviewKey) -> MappingReview:
    candidates = _candidates(verdict)
    return MappingReview(
        tenant=context.tenant,
        source_system=context.source_system,
        client=context.client,
        kind=draft.kind,
        record_key=key[1],
        external_id=draft.external_id,
        reason=verdict.code,
        record=record_json(draft),
        candidates=candidates,
        score=best_score(candidates),
    )


def best_score(candidates: Iterable[dict[str, Any]]) -> float | None:
    """Return the likeliest candidate's score, None if nobody gave any."""
    return max((one["score"] for one in candidates if one.get("score") is not None), default=None)


def _candidates(verdict: Verdict) -> list[dict[str, Any]]:
    """Return whom a manager may choose, with the evidence if they were found by name and address."""
    if verdict.found is None:
        return [{"id": record.pk} for record in verdict.candidates]
    # A candidate that the set itself adds has its id only now.
    pairs = zip(verdict.candidates, verdict.found.offers, strict=True)
    return [{**offer, "id": record.pk} for record, offer in pairs]
