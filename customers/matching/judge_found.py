"""What becomes of a record that was looked for by name and address: linked, asked about, or unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.matching.drafts import CUSTOMER, RecordDraft
from customers.matching.judge import Found, Step, Verdict
from customers.matching.parties import Said
from customers.matching.policy import MappingPolicy
from customers.matching.scoring import Score, clearance

NAME_AND_ADDRESS = "nameAndAddress"
_MOST_OFFERED = 5
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known record, how well it fits, and what it says in words."""

    record: Any
    score: Score
    said: Said


def judge_found(
    draft: RecordDraft, sent: Said, candidates: Sequence[Candidate], policy: MappingPolicy
) -> Verdict | None:
    """Decide from the scores, best first; None: nobody is like it.

    Linked is only what reaches the upper score, is clear of the next best, and contradicts in no point that
    alone makes people look twice.
    """
    likely = [one for one in candidates if one.score.value >= policy.review_score]
    if not likely:
        return None
    best, others = candidates[0], candidates[1:]
    margin = clearance(best.score.bits, others[0].score.bits) if others else _SURE
    found = Found(
        score=best.score.value,
        runner_up=others[0].score.value if others else None,
        margin=margin,
        evidence={one.field: one.agreement for one in best.score.evidence},
        shares={one.field: round(one.weight, 1) for one in best.score.evidence},
        offers=tuple(_offer(one, sent) for one in likely[:_MOST_OFFERED]),
    )
    clear = margin >= policy.link_margin
    sure = best.score.value >= policy.link_score and best.score.linkable and not _numbers_differ(draft, best)
    if sure and clear:
        return Verdict(Step.LINK, record=best.record, matched_by=NAME_AND_ADDRESS, found=found)
    return _ask(draft, likely[:_MOST_OFFERED], found, clear=clear)


def _ask(draft: RecordDraft, likely: Sequence[Candidate], found: Found, *, clear: bool) -> Verdict:
    records = tuple(one.record for one in likely)
    if len(likely) > 1 and not clear:
        message = f"More than one {draft.kind} fits what was sent."
        return Verdict(
            Step.ASK, code=f"ambiguous_{draft.kind}", message=message, candidates=records, found=found
        )
    message = f"A known {draft.kind} is probably the one that was sent, but not surely."
    return Verdict(Step.ASK, code="probable_match", message=message, candidates=records, found=found)


def _numbers_differ(draft: RecordDraft, best: Candidate) -> bool:
    return (
        draft.kind == CUSTOMER and draft.number not in {"", best.record.number} and bool(best.record.number)
    )


def _offer(candidate: Candidate, sent: Said) -> dict[str, Any]:
    return {
        "id": candidate.record.pk,
        "score": candidate.score.value,
        "evidence": [
            {
                "field": one.field,
                "sent": sent.of(one.field),
                "known": candidate.said.of(one.field),
                "agreement": one.agreement,
                "share": round(one.weight, 1),
            }
            for one in candidate.score.evidence
        ],
    }
