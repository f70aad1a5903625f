"""What a manager does with a review besides deciding: rule a candidate out, or put the review off."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from customers.models import RefusedPair
from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.imports.models import MappingReview, ReviewDecision, SkippedReview
from targets.imports.pipeline.gate import shut
from targets.imports.pipeline.reviews import best_score
from targets.imports.services.deciding import about_review, in_rounds, require_open


def refuse_candidate(*, review: MappingReview, record_id: int, actor: User | None) -> ReviewDecision:
    """Say that the record in doubt is not this one of ours; it is never proposed for it again.

    `Conflict` if somebody has decided already, `NotFound` if the record is no candidate of the review.
    """
    return in_rounds(partial(_refuse, review.pk, record_id, actor), review.pk)


def skip_review(*, review: MappingReview, user: User) -> SkippedReview:
    """Put a review at the end of the manager's own queue; `Conflict` if somebody has decided already."""
    require_open(review)
    skipped, _ = SkippedReview.objects.update_or_create(
        review=review, user=user, defaults={"skipped_at": timezone.now()}
    )
    return skipped


@transaction.atomic
def _refuse(review_id: int, record_id: int, actor: User | None) -> ReviewDecision:
    review = MappingReview.objects.select_related("tenant", "source_system").get(pk=review_id)
    shut(review.source_system)
    require_open(review)
    review.refresh_from_db(fields=["candidates"])
    ids = [candidate["id"] for candidate in review.candidates]
    if record_id not in ids:
        raise NotFound(f"There is no such {review.kind} among the candidates.")
    position = ids.index(record_id)
    written = {"position": position, "candidate": review.candidates.pop(position)}
    review.score = best_score(review.candidates)
    review.save(update_fields=["candidates", "score"])
    _learn_pair(review, record_id, actor)
    return _keep(review, record_id, written, actor)


def _learn_pair(review: MappingReview, record_id: int, actor: User | None) -> None:
    RefusedPair.objects.get_or_create(
        tenant=review.tenant,
        source_system=review.source_system,
        kind=review.kind,
        record_key=review.record_key,
        record_id=record_id,
        defaults={"refused_by": actor},
    )


def _keep(
    review: MappingReview, record_id: int, written: dict[str, object], actor: User | None
) -> ReviewDecision:
    record_audit(
        tenant=review.tenant,
        actor=actor,
        action="mapping_review.refused",
        subject=review,
        details={**about_review(review), f"{review.kind}Id": record_id},
    )
    return ReviewDecision.objects.create(
        tenant=review.tenant,
        review=review,
        verb=ReviewDecision.Verb.REFUSED,
        record_id=record_id,
        written=written,
        decided_at=timezone.now(),
        decided_by=actor,
    )
