"""What becomes of a suggestion as a whole, beside publishing."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.routes import bell
from targets.routes.models import RouteSuggestion
from targets.routes.services.locking import lock_suggestion
from targets.routes.solving.ending import end_without_answer

Status = RouteSuggestion.Status
CANCELLED = "Cancelled before there was an answer."


@transaction.atomic
def discard_suggestion(*, suggestion: RouteSuggestion, actor: User | None) -> RouteSuggestion:
    """Give a draft up; nothing of it was or will be published. `Conflict` if it is no draft."""
    row = lock_suggestion(suggestion, Status.DRAFT)
    row.status, row.decided_at, row.decided_by = Status.DISCARDED, timezone.now(), actor
    row.save(update_fields=["status", "decided_at", "decided_by"])
    _audit(row, "route_suggestion.discarded", actor)
    return row


@transaction.atomic
def cancel_planning(*, suggestion: RouteSuggestion, actor: User | None) -> RouteSuggestion:
    """Stop planning: the worker notices within a second. A draft that was there before stays.

    `Conflict` if it is not being planned any more.
    """
    row = lock_suggestion(suggestion, Status.PENDING)
    end_without_answer(row, CANCELLED)
    _audit(row, "route_suggestion.cancelled", actor)
    return row


@transaction.atomic
def replan_suggestion(*, suggestion: RouteSuggestion, revision: int, actor: User | None) -> RouteSuggestion:
    """Plan a draft again: locked stops stay with their employees, what was left out by hand stays out.

    `Conflict` if it is no draft, or was changed since `revision`.
    """
    row = lock_suggestion(suggestion, Status.DRAFT, revision=revision)
    row.status, row.rung_at, row.progress, row.attempts = Status.PENDING, timezone.now(), 0, 0
    row.revision += 1
    # Other dice: the same ones would bring the same answer.
    row.seed += 1
    row.save(update_fields=["status", "rung_at", "progress", "attempts", "revision", "seed"])
    _audit(row, "route_suggestion.replanned", actor)
    transaction.on_commit(partial(bell.ring, row.pk), robust=True)
    return row


def _audit(row: RouteSuggestion, action: str, actor: User | None) -> None:
    record_audit(tenant=row.tenant, actor=actor, action=action, subject=row)
