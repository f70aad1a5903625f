"""One decision about a review: everything that follows from it, in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.errors import Conflict, Unavailable
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.imports import tasks
from targets.imports.events import tell_decided
from targets.imports.models import ImportJob, MappingReview, ReviewDecision
from targets.imports.pipeline.following import Following, followings
from targets.imports.pipeline.footprint import Footprint
from targets.imports.pipeline.reviews import Raced, decision_of, record_json
from targets.imports.pipeline.waiting import Waiting, hold
from targets.imports.pipeline.work import lost_a_race
from targets.imports.selectors.decided import decided_words
from targets.imports.services.learning import Record, learn_names, learn_reference

log = structlog.get_logger("ordinavo.imports")

Status = MappingReview.Status
Done = TypeVar("Done")

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of the review, and how its record is found or made.

    `choose` notes on the footprint what it writes, and returns what happened besides.
    """

    status: Status
    actor: User | None
    choose: Callable[[MappingReview, Waiting], tuple[Record | None, list[Happening]]]


def decide(review: MappingReview, answer: Answer) -> MappingReview:
    """Settle the review and everything that waits for it; `Conflict` if somebody was faster."""
    return in_rounds(partial(_attempt, review.pk, answer), review.pk)


def in_rounds(attempt: Callable[[], Done], review_id: int) -> Done:
    """Make the attempt again while imports that change the same records are faster."""
    for _ in range(_ROUNDS):
        try:
            return attempt()
        except (IntegrityError, OperationalError, Raced) as exc:
            if not lost_a_race(exc):
                raise
            log.info("decision_raced", review_id=review_id, reason=type(exc.__cause__ or exc).__name__)
    raise Unavailable("Imports change the same records at this moment. Nothing was done.", retry_after=1)


def require_open(review: MappingReview) -> None:
    """Raise `Conflict` that says who decided what, if somebody did; behind the gate nobody else decides."""
    current = MappingReview.objects.select_related("decided_by").get(pk=review.pk)
    if current.status != Status.OPEN:
        raise Conflict(decided_words(current))


@transaction.atomic
def _attempt(review_id: int, answer: Answer) -> MappingReview:
    """Decide once. Locks are taken as imports take them: jobs, the gate, numbers, targets, records."""
    review = MappingReview.objects.select_related("tenant", "source_system").get(pk=review_id)
    waiting = hold(review)
    require_open(review)
    review.record = record_json(waiting.newest_record(review))
    record, happenings = answer.choose(review, waiting)
    footprint = Footprint()
    names = _learn(review, record, answer, happenings, footprint)
    groups = _follow(review, waiting)
    for group in groups:
        footprint.add(group.footprint)
    _keep(review, answer, footprint)
    happenings += [happening for group in groups for happening in group.happenings]
    _tell(review, record, answer, happenings, {"items": len(waiting.ids), "aliases": names})
    ring_unfinished(waiting.jobs.values())
    tell_decided(review, [target for group in groups for target in group.targets])
    return review


def _learn(
    review: MappingReview,
    record: Record | None,
    answer: Answer,
    happenings: list[Happening],
    footprint: Footprint,
) -> list[str]:
    """Remember the answer; return the names that the record goes by from now on."""
    review.status, review.chosen_id = answer.status, None if record is None else record.pk
    review.decided_at, review.decided_by = timezone.now(), answer.actor
    for happening in happenings:
        footprint.note_record(happening)
    if record is None:
        return []
    learn_reference(review, record, footprint)
    former = [happening.details.get("changes", {}).get("name", [""])[0] for happening in happenings]
    return learn_names(record, [review.record.get("name"), *former], actor=answer.actor, footprint=footprint)


def _follow(review: MappingReview, waiting: Waiting) -> list[Following]:
    groups = followings(waiting)
    key = review.kind, review.record_key
    for group in groups:
        group.map_again({key: decision_of(review, closing=True)})
        group.link_targets()
    review.save(update_fields=["status", "chosen_id", "record", "decided_at", "decided_by"])
    for group in groups:
        group.settle({key: decision_of(review)})
    return groups


def _keep(review: MappingReview, answer: Answer, footprint: Footprint) -> None:
    """Keep what was written, as of now: what changes later is known by its time."""
    footprint.store(
        ReviewDecision(
            tenant=review.tenant,
            review=review,
            verb=answer.status,
            record_id=review.chosen_id,
            decided_at=timezone.now(),
            decided_by=answer.actor,
        )
    )


def _tell(
    review: MappingReview,
    record: Record | None,
    answer: Answer,
    happenings: list[Happening],
    facts: dict[str, Any],
) -> None:
    """Write timeline and audit."""
    about = about_review(review)
    # That a record was created is told by whoever made it.
    told = record is not None and answer.status == Status.LINKED
    own = [Happening(record, f"{review.kind}.linked", about)] if told and record else []
    record_timeline([*own, *happenings], tenant_id=review.tenant_id, actor=answer.actor)
    own_changes = (one.details.get("changes") for one in happenings if one.subject is record)
    corrected = [changes for changes in own_changes if changes]
    record_audit(
        tenant=review.tenant,
        actor=answer.actor,
        action=f"mapping_review.{answer.status}",
        subject=review,
        details={
            **about,
            f"{review.kind}Id": review.chosen_id,
            **{name: value for name, value in facts.items() if value or name == "items"},
            **({"corrected": corrected[0]} if corrected else {}),
        },
    )


def about_review(review: MappingReview) -> dict[str, Any]:
    """Return what timeline and audit say of a review."""
    return {
        "reviewId": review.pk,
        "sourceSystem": review.source_system.key,
        "externalId": review.external_id,
    }


def ring_unfinished(jobs: Iterable[ImportJob]) -> None:
    """Call workers for jobs that found themselves locked."""
    for job in jobs:
        if job.finished_at is None:
            transaction.on_commit(partial(tasks.ring, job.pk), robust=True)
