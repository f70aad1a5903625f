"""The end of a planning that found no answer."""

from django.db import transaction

from targets.routes.events import tell_created
from targets.routes.models import RouteSuggestion
from targets.routes.solving.hold import Hold

Status = RouteSuggestion.Status


def give_up(hold: Hold, failure: str) -> None:
    """End the planning without a new answer: a draft that was there stays, else the suggestion failed."""
    with transaction.atomic():
        end_without_answer(hold.locked(), failure)


def end_without_answer(row: RouteSuggestion, failure: str) -> None:
    """Set the row, locked by the caller, to what it is after planning was given up."""
    is_first = row.solved_at is None
    row.status = Status.FAILED if is_first else Status.DRAFT
    row.failure, row.lease_until = failure, None
    row.save(update_fields=["status", "failure", "lease_until"])
    if is_first:
        tell_created(row)
