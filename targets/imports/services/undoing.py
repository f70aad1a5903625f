"""A manager takes a decision back; a preview says what that does, by doing it and rolling back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from customers.models import RefusedPair
from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.imports.events import REOPENED, tell_decided
from targets.imports.models import MappingReview, ReviewDecision
from targets.imports.pipeline.following import Following
from targets.imports.pipeline.gate import shut
from targets.imports.pipeline.later import MOST_LATER, Judge, Later
from targets.imports.pipeline.reviews import best_score
from targets.imports.pipeline.undoing import Held, decided_later, hold_settled, put_back
from targets.imports.selectors.decided import UNDO_DAYS, oldest_undoable, standing_decision
from targets.imports.selectors.reviews import RECORD_MODELS
from targets.imports.services.deciding import about_review, in_rounds, ring_unfinished
from targets.imports.services.unlearning import delete_unused, forget_names, forget_references, uncorrect
from targets.models import Target

Verb, Status = ReviewDecision.Verb, MappingReview.Status


@dataclass(frozen=True, slots=True)
class Undone:
    """The review as it is again, and one sentence for each thing that was taken back or stays."""

    review: MappingReview
    sentences: tuple[str, ...]


def undo_decision(*, decision: ReviewDecision, actor: User | None, judge: Judge) -> Undone:
    """Take a decision back with all that it wrote, and let its review wait again.

    Targets that came later and followed it are mapped anew; `judge` reads what was sent with them.
    `Conflict` if it was taken back already or if later facts stand against it: work on a target that it
    linked, a record or external id that was changed since, a later decision about the same imports.
    """
    return in_rounds(partial(_attempt, decision.pk, actor, judge), decision.review_id)


def foretell_undo(*, decision: ReviewDecision, actor: User | None, judge: Judge) -> Undone:
    """Return what `undo_decision` would do, or raise what it would; nothing is written."""
    with transaction.atomic():
        undone = undo_decision(decision=decision, actor=actor, judge=judge)
        transaction.set_rollback(True)
    return undone


@transaction.atomic
def _attempt(decision_id: int, actor: User | None, judge: Judge) -> Undone:
    decision = ReviewDecision.objects.select_related("review__tenant", "review__source_system").get(
        pk=decision_id
    )
    if decision.decided_at <= oldest_undoable():
        raise Conflict(f"This decision is older than {UNDO_DAYS} days: it stands for good.")
    if decision.verb == Verb.REFUSED:
        return _allow_again(decision, actor)
    held = hold_settled(decision, judge)
    _require_possible(decision, held)
    return _take_back(decision, held, actor)


def _require_possible(decision: ReviewDecision, held: Held) -> None:
    """Raise `Conflict` with the first fact that stands against it; behind the gate nobody decides."""
    review = decision.review
    if standing_decision(review) != decision:
        raise Conflict("This decision has been taken back already, or another one followed it.")
    newer = MappingReview.objects.filter(
        tenant=review.tenant_id,
        source_system=review.source_system_id,
        kind=review.kind,
        record_key=review.record_key,
        pk__gt=review.pk,
    )
    if newer.exists():
        raise Conflict(f"The {review.kind} has come into doubt again since. Decide about the newer review.")
    later = decided_later(decision)
    if later is not None:
        what = f"the {later.review.kind} {later.review.name_sent}"
        raise Conflict(f"Later on, {what} of the same imports was decided. Take that back first.")
    busy = next((one.target for one in held.settled if one.under_way), None)
    if busy is not None:
        state = "completed" if busy.status == busy.Status.COMPLETED else "being worked on"
        raise Conflict(f"Target {busy.external_id or busy.pk} is {state}: its {review.kind} stays.")


def _take_back(decision: ReviewDecision, held: Held, actor: User | None) -> Undone:
    review, written = decision.review, decision.written
    followers, relinked, moved_on = held.following, held.relinked, held.moved_on
    happenings = put_back(held) + held.later.unlink(decision)
    ids = forget_references(review, written["references"])
    names = forget_names(written["aliases"])
    happenings += uncorrect(review, written["changed"])
    gone, kept = delete_unused(review, written["created"], since=decision.decided_at)
    _reopen(decision, actor)
    groups = held.later.map_anew()
    happenings += [happening for group in groups for happening in group.happenings]
    sentences = (
        *_told("{} target{s} lose{z} what the decision linked", relinked),
        *_told("{} import{s} wait{z} for a decision again", len(held.settled)),
        *(f"The external id {one} is not known any more." for one in ids),
        *(f"The name {one} is forgotten." for one in names),
        *(
            f"{change.subject} gets back its {_columns(change)}."
            for change in happenings
            if _is_record(change)
        ),
        *(f"The {one} is deleted, since nothing else uses it." for one in gone),
        *(f"The {one} stays: it has been used or changed since." for one in kept),
        *_told("{} target{s} stay{z} as {they}: other customer data came since", moved_on),
        *_about_later(decision, held.later, groups),
    )
    _tell(decision, happenings, actor, sentences)
    ring_unfinished(held.jobs.values())
    back = [one.target for one in followers if one.target is not None]
    tell_decided(review, [*back, *held.later.targets], status=REOPENED)
    return Undone(review, sentences)


def _about_later(decision: ReviewDecision, later: Later, groups: Sequence[Following]) -> Iterator[str]:
    """Say what becomes of targets that came after the decision and followed it."""
    waits = sum(decision.review_id in outcome.review_ids for group in groups for outcome in group.outcomes)
    yield from _told("{} target{s} that came later lose{z} it, too, and wait{z} for a decision", waits)
    anew = len(later.targets) - waits
    yield from _told("{} target{s} that came later {are} mapped anew, as if {it} came now", anew)
    words = "{} target{s} that came later stay{z} linked: work there is under way or done"
    yield from _told(words, later.kept)
    if later.more:
        yield f"Only the newest {MOST_LATER} targets are looked at: others stay until they are sent again."
    if decision.verb == Verb.DISMISSED:
        yield f"Where the {decision.review.kind} came later, it stays without a link until it is sent again."


def _reopen(decision: ReviewDecision, actor: User | None) -> None:
    review = decision.review
    review.status, review.chosen_id = Status.OPEN, None
    review.decided_at = review.decided_by = None
    review.save(update_fields=["status", "chosen_id", "decided_at", "decided_by"])
    _close(decision, actor)


def _close(decision: ReviewDecision, actor: User | None) -> None:
    decision.undone_at, decision.undone_by = timezone.now(), actor
    decision.save(update_fields=["undone_at", "undone_by"])


def _allow_again(decision: ReviewDecision, actor: User | None) -> Undone:
    """Let a candidate that was refused be proposed again, at its old place."""
    review = decision.review
    shut(review.source_system)
    review.refresh_from_db(fields=["status", "candidates"])
    if ReviewDecision.objects.filter(pk=decision.pk, undone_at=None).first() is None:
        raise Conflict("This decision has been taken back already.")
    if review.status != Status.OPEN:
        raise Conflict("The review was decided since. Take that back first.")
    RefusedPair.objects.filter(
        tenant=review.tenant_id,
        source_system=review.source_system_id,
        kind=review.kind,
        record_key=review.record_key,
        record_id=decision.record_id or 0,
    ).delete()
    candidates = list(review.candidates)
    candidates.insert(decision.written["position"], decision.written["candidate"])
    review.candidates, review.score = candidates, best_score(candidates)
    review.save(update_fields=["candidates", "score"])
    _close(decision, actor)
    record = RECORD_MODELS[review.kind].objects.filter(pk=decision.record_id or 0).first()
    sentences = (f"{record or 'The record'} may be proposed for it again.",)
    _audit(decision, actor, sentences)
    return Undone(review, sentences)


def _told(words: str, count: int) -> list[str]:
    """Return a sentence about so many things, none about none."""
    one = count == 1
    forms = {"s": "" if one else "s", "z": "s" if one else "", "they": "it is" if one else "they are"}
    forms |= {"are": "is" if one else "are", "it": "it" if one else "they"}
    return [words.format(count, **forms) + "."] if count else []


def _is_record(happening: Happening) -> bool:
    return not isinstance(happening.subject, Target)


def _columns(happening: Happening) -> str:
    return ", ".join(column.replace("_", " ") for column in happening.details["changes"])


def _tell(
    decision: ReviewDecision,
    happenings: Sequence[Happening],
    actor: User | None,
    sentences: Sequence[str],
) -> None:
    review = decision.review
    record = RECORD_MODELS[review.kind].objects.filter(pk=decision.record_id or 0).first()
    own = (
        [] if record is None else [Happening(record, f"{review.kind}.decision_undone", about_review(review))]
    )
    record_timeline([*own, *happenings], tenant_id=review.tenant_id, actor=actor)
    _audit(decision, actor, sentences)


def _audit(decision: ReviewDecision, actor: User | None, sentences: Sequence[str]) -> None:
    record_audit(
        tenant=decision.review.tenant,
        actor=actor,
        action="mapping_review.undone",
        subject=decision.review,
        details={**about_review(decision.review), "verb": decision.verb, "took": list(sentences)},
    )
