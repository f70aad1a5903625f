"""Many reviews are linked to their best candidates at once, each in a transaction of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ordinavo.kernel.errors import Conflict, DomainError
from ordinavo.tenants.models import Tenant, User
from targets.imports.models import MappingReview
from targets.imports.selectors.accepting import MOST_ACCEPTED
from targets.imports.selectors.reviews import RECORD_MODELS
from targets.imports.services.reviews import link_review


@dataclass(slots=True)
class Accepted:
    """How many were linked, and what was refused: name and sentence."""

    linked: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def accept_reviews(*, tenant: Tenant, pairs: Iterable[tuple[int, int]], actor: User | None) -> Accepted:
    """Link each review to the record that was shown as its best; what changed since is refused, not linked.

    `pairs`: ids of reviews and records, 200 at most. A refusal stops none of the others.
    """
    wanted = dict(list(pairs)[:MOST_ACCEPTED])
    accepted = Accepted()
    for review in MappingReview.objects.filter(tenant=tenant, pk__in=sorted(wanted)).order_by("pk"):
        try:
            _accept(review, wanted[review.pk], actor)
            accepted.linked += 1
        except DomainError as refusal:
            accepted.refused.append((review.name_sent, refusal.message))
    return accepted


def _accept(review: MappingReview, record_id: int, actor: User | None) -> None:
    best = review.candidates[0]["id"] if review.candidates else None
    if review.status == MappingReview.Status.OPEN and best != record_id:
        raise Conflict("Its best candidate is another one by now.")
    record = RECORD_MODELS[review.kind].objects.filter(tenant=review.tenant_id, pk=record_id).first()
    if record is None:
        raise Conflict(f"The {review.kind} has been deleted meanwhile.")
    link_review(review=review, record=record, actor=actor)
