"""What managers decided about records in doubt, and when a new doubt about the same record follows it.

A decision answers a doubt; where there is none, nobody asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

from customers.matching.drafts import CUSTOMER, RecordDraft
from customers.matching.judge import EXTERNAL_ID, MANUAL, Sighting, Step, Verdict, ask, link, same

# Kind, and the external id or digest that reviews of the record are known by.
ReviewKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """One manager's answer. `record_id` is None if nothing is to be linked.

    `reason`, `candidates`, `number` and `digest` say what the doubt was about; `closing` is true while the
    review is being closed: then the answer holds for all that wait, whatever exactly they said. `not_these`
    are records that managers ruled out, which may come without an answer (`UNDECIDED`).
    """

    review_id: int
    record_id: int | None
    reason: str
    candidates: frozenset[int]
    number: str
    digest: str
    closing: bool = False
    not_these: frozenset[int] = frozenset()


UNDECIDED = Decision(0, None, reason="", candidates=frozenset(), number="", digest="")

Decisions = Mapping[ReviewKey, Decision]


def follow(
    decision: Decision, draft: RecordDraft, seen: Sighting, asked: Verdict, *, record: Any, customer: Any
) -> Verdict:
    """Return the verdict that the decision stands for, or the doubt itself if it is another one.

    `record` is what was chosen, `customer` whose location or contact it must be (None: anybody's).
    """
    if decision.record_id is None:
        return _dismissed(draft) if _same_doubt(decision, draft, asked) else asked
    fits = _usable(record, draft, customer) and _still_said(decision, draft, seen, record)
    return link(record, MANUAL) if fits else asked


def ruled_out(decision: Decision, draft: RecordDraft, verdict: Verdict) -> Verdict:
    """Return the verdict without the records that managers ruled out: they are neither proposed nor linked.

    Where one of them fits what was sent, nobody else is linked by evidence either: a manager is asked.
    """
    if verdict.step is Step.ASK:
        return _without(verdict, decision.not_these)
    if verdict.step is not Step.LINK or verdict.record.pk not in decision.not_these:
        return verdict
    if verdict.matched_by in {EXTERNAL_ID, MANUAL}:
        return verdict
    return ask("mapping_needs_review", f"A manager ruled out the {draft.kind} that fits what was sent.")


def _without(verdict: Verdict, refused: frozenset[int]) -> Verdict:
    """Leave candidates out, with what a search offers of them."""
    stays = [candidate.pk not in refused for candidate in verdict.candidates]
    left, found = tuple(compress(verdict.candidates, stays)), verdict.found
    if found is not None:
        found = found._replace(offers=tuple(compress(found.offers, stays)))
    return verdict._replace(candidates=left, found=found)


def _dismissed(draft: RecordDraft) -> Verdict:
    message = f"A manager decided that the {draft.kind} is not to be linked."
    return Verdict(Step.DISMISS, code=f"{draft.kind}_not_found", message=message)


def _same_doubt(decision: Decision, draft: RecordDraft, asked: Verdict) -> bool:
    """A new candidate or other data make a new question."""
    if decision.closing:
        return True
    offered = {candidate.pk for candidate in asked.candidates}
    return (
        decision.reason == asked.code and decision.digest == draft.digest() and offered <= decision.candidates
    )


def _usable(record: Any, draft: RecordDraft, customer: Any) -> bool:
    if record is None or not record.active:
        return False
    if draft.kind == CUSTOMER:
        return True
    return bool(record.customer.active) and (customer is None or same(record.customer, customer))


def _still_said(decision: Decision, draft: RecordDraft, seen: Sighting, record: Any) -> bool:
    """An external id was decided together with the customer number that came with it.

    Staff may have deleted the reference since, so that it is looked at again. Without an external id the key
    of the review is a digest of all that was said.
    """
    if not draft.external_id:
        return True
    named = seen.decided_by_manager and same(seen.named, record)
    return named and (decision.closing or decision.number == draft.number)
