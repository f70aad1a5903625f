"""Writing the history of records; whoever changes a noun tells it here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from customers.models import TimelineEntry
from ordinavo.kernel import correlation
from ordinavo.kernel.sets import insert_rows
from ordinavo.tenants.models import User


@dataclass(frozen=True, slots=True)
class Happening:
    """One line to come: `target.created`, with details as JSON."""

    subject: models.Model
    action: str
    details: dict[str, Any] = field(default_factory=dict)


def record_timeline(happenings: Iterable[Happening], *, tenant_id: int, actor: User | None = None) -> None:
    """Append the lines in one statement. Subjects must be stored already."""
    shared = {
        "tenant_id": tenant_id,
        "actor_id": None if actor is None else actor.pk,
        "correlation_id": correlation.correlation_id.get(),
        "created_at": timezone.now(),
    }
    rows = [
        {
            **shared,
            "subject_type": happening.subject._meta.label_lower,
            "subject_id": happening.subject.pk,
            "action": happening.action,
            "details": happening.details,
        }
        for happening in happenings
    ]
    if rows:
        insert_rows(TimelineEntry, rows)
