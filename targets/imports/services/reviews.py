"""A manager decides about a record in doubt; all that waits for it follows in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from customers.matching.judge import MANUAL
from customers.models import Contact, Customer, ExternalReference, Location
from customers.services.records import new_record
from customers.services.timeline import Happening, record_timeline
from ordinavo.kernel.errors import Conflict, NotFound, Unavailable
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.imports import tasks
from targets.imports.events import tell_decided
from targets.imports.models import MappingReview
from targets.imports.pipeline.following import Following, followings
from targets.imports.pipeline.reviews import Raced, decision_of, record_json
from targets.imports.pipeline.waiting import Waiting, hold
from targets.imports.pipeline.work import lost_a_race
from targets.imports.selectors.reviews import RECORD_MODELS, customers_waiting, why_not_created

log = structlog.get_logger("ordinavo.imports")

Record = Customer | Location | Contact
Status = MappingReview.Status

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of the review, and how its record is found (or made)."""

    status: Status
    actor: User | None
    choose: Callable[[MappingReview, Waiting], Record | None]


def link_review(*, review: MappingReview, record: Record, actor: User | None) -> MappingReview:
    """Link the record in doubt to one of the tenant's own, and everything that waits for it.

    `Conflict` if somebody has decided already, or if the record is inactive or belongs to another customer
    than the imports that wait. `NotFound` for another tenant's record or one of another kind.
    """
    if record.tenant_id != review.tenant_id or not isinstance(record, RECORD_MODELS[review.kind]):
        raise NotFound(f"There is no such {review.kind}.")
    return _decide(review, _Answer(Status.LINKED, actor, partial(_existing, record)))


def create_from_review(*, review: MappingReview, actor: User | None) -> MappingReview:
    """Create a record from what was sent, and link everything that waits for it.

    `Conflict` if somebody has decided already, if there is no name, or if the customer of a location or
    contact is not known.
    """
    return _decide(review, _Answer(Status.CREATED, actor, _new))


def dismiss_review(*, review: MappingReview, actor: User | None) -> MappingReview:
    """Decide that nothing is to be linked; the same record is not asked about again while nothing changes."""
    return _decide(review, _Answer(Status.DISMISSED, actor, _nothing))


def _decide(review: MappingReview, answer: _Answer) -> MappingReview:
    for _ in range(_ROUNDS):
        try:
            return _attempt(review.pk, answer)
        except (IntegrityError, OperationalError, Raced) as exc:
            if not lost_a_race(exc):
                raise
            log.info("decision_raced", review_id=review.pk, reason=type(exc.__cause__ or exc).__name__)
    raise Unavailable("Imports change the same records at this moment. Nothing was done.", retry_after=1)


@transaction.atomic
def _attempt(review_id: int, answer: _Answer) -> MappingReview:
    """Decide once. Locks are taken as imports take them: jobs, the gate, numbers, targets, records."""
    review = MappingReview.objects.select_related("tenant", "source_system").get(pk=review_id)
    waiting = hold(review)
    _require_open(review)
    review.record = record_json(waiting.newest_record(review))
    record = answer.choose(review, waiting)
    _remember(review, record, answer)
    groups = followings(waiting)
    key = review.kind, review.record_key
    for group in groups:
        group.map_again({key: decision_of(review, closing=True)})
        group.link_targets()
    review.save(update_fields=["status", "chosen_id", "record", "decided_at", "decided_by"])
    for group in groups:
        group.settle({key: decision_of(review)})
    _tell(review, record, answer, groups, waiting)
    tell_decided(review, [target for group in groups for target in group.targets])
    return review


def _require_open(review: MappingReview) -> None:
    """Raise `Conflict` if another manager was faster; behind the gate nobody else decides."""
    if not MappingReview.objects.filter(pk=review.pk, status=Status.OPEN).exists():
        raise Conflict("Somebody has decided about this record already.")


def _existing(record: Record, review: MappingReview, waiting: Waiting) -> Record:
    """Return the record as it is now."""
    current = RECORD_MODELS[review.kind].objects.get(pk=record.pk)
    if not current.active:
        raise Conflict(f"The {review.kind} is inactive.")
    if isinstance(current, Customer):
        return current
    if not current.customer.active:
        raise Conflict(f"The customer of the {review.kind} is inactive.")
    customers = customers_waiting(review)
    if customers and current.customer_id not in {customer.pk for customer in customers}:
        raise Conflict(f"The {review.kind} belongs to another customer than the imports that wait.")
    return current


def _new(review: MappingReview, waiting: Waiting) -> Record:
    draft, customers = waiting.newest_record(review), customers_waiting(review)
    refusal = why_not_created(review, draft.values, customers)
    if refusal:
        raise Conflict(refusal)
    record = new_record(draft, tenant=review.tenant, customer=customers[0] if customers else None)
    record.save(force_insert=True)
    return record


def _nothing(review: MappingReview, waiting: Waiting) -> None:
    return None


def _remember(review: MappingReview, record: Record | None, answer: _Answer) -> None:
    """Keep the answer, under the external id too if there is one."""
    review.status = answer.status
    review.chosen_id = None if record is None else record.pk
    review.decided_at, review.decided_by = timezone.now(), answer.actor
    if record is not None and review.external_id:
        links = dict.fromkeys(RECORD_MODELS) | {review.kind: record}
        ExternalReference.objects.update_or_create(
            tenant=review.tenant,
            source_system=review.source_system,
            kind=review.kind,
            external_id=review.external_id,
            defaults={**links, "matched_by": MANUAL},
        )


def _tell(
    review: MappingReview,
    record: Record | None,
    answer: _Answer,
    groups: list[Following],
    waiting: Waiting,
) -> None:
    """Write timeline and audit, and call workers for jobs that found themselves locked."""
    about = {
        "reviewId": review.pk,
        "sourceSystem": review.source_system.key,
        "externalId": review.external_id,
    }
    happenings = [happening for group in groups for happening in group.happenings]
    if record is not None:
        happenings.insert(0, Happening(record, f"{review.kind}.{answer.status}", about))
    record_timeline(happenings, tenant_id=review.tenant_id, actor=answer.actor)
    record_audit(
        tenant=review.tenant,
        actor=answer.actor,
        action=f"mapping_review.{answer.status}",
        subject=review,
        details={**about, f"{review.kind}Id": review.chosen_id, "items": len(waiting.ids)},
    )
    for job in waiting.jobs.values():
        if job.finished_at is None:
            transaction.on_commit(partial(tasks.ring, job.pk), robust=True)
