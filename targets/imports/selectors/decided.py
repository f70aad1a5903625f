"""What managers decided, in words, and which of it can be taken back."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime, now

from ordinavo.tenants.models import Tenant, User
from targets.imports.models import MappingReview, ReviewDecision
from targets.imports.selectors.reviews import RECORD_MODELS

Verb = ReviewDecision.Verb

# So long a decision can be taken back; then what it wrote is forgotten.
UNDO_DAYS = 90

_WORDS: dict[str, str] = {
    MappingReview.Status.LINKED: "linked it to {record}",
    MappingReview.Status.CREATED: "created {record}",
    MappingReview.Status.DISMISSED: "decided that nothing is to be linked",
}


def decided_words(review: MappingReview) -> str:
    """Return who decided what about a closed review, and when."""
    who = str(review.decided_by) if review.decided_by else "Somebody"
    what = _WORDS[review.status].format(record=_name(review.kind, review.chosen_id))
    return f"{who} has already {what} ({_moment(review.decided_at)}). Nothing was changed."


def oldest_undoable() -> datetime:
    """Return the moment before which decisions stand for good."""
    return now() - timedelta(days=UNDO_DAYS)


def standing_decision(review: MappingReview) -> ReviewDecision | None:
    """Return the newest decision about the review that was not taken back."""
    return review.decisions.filter(undone_at=None).select_related("decided_by").order_by("-id").first()


def last_decision_of(user: User, *, tenant: Tenant) -> ReviewDecision | None:
    """Return the manager's newest decision that was not taken back and can still be."""
    mine = ReviewDecision.objects.filter(
        tenant=tenant, decided_by=user, undone_at=None, decided_at__gt=oldest_undoable()
    )
    return mine.select_related("review__source_system").order_by("-id").first()


def decision_words(decision: ReviewDecision) -> str:
    """Return what a decision said, as a sentence."""
    review, record = decision.review, _name(decision.review.kind, decision.record_id)
    return {
        Verb.LINKED: f"{review.name_sent} was linked to {record}.",
        Verb.CREATED: f"{record} was created from what was sent.",
        Verb.DISMISSED: f"{review.name_sent} was dismissed: nothing is linked.",
        Verb.REFUSED: f"{review.name_sent} is not {record}, which is not proposed for it again.",
    }[Verb(decision.verb)]


def _name(kind: str, record_id: int | None) -> str:
    record: Any = RECORD_MODELS[kind].objects.filter(pk=record_id).first() if record_id else None
    return str(record) if record is not None else f"a {kind} that is gone by now"


def _moment(moment: Any) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else "some time ago"
