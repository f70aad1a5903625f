"""Writing the history of records; whoever changes a noun tells it here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from customers.models import TimelineEntry
from ordinavo.kernel import correlation
from ordinavo.tenants.models import User


@dataclass(frozen=True, slots=True)
class Happening:
    """One line to come: `target.created`, with details as JSON."""

    subject: models.Model
    action: str
    details: dict[str, Any] = field(default_factory=dict)


def record_timeline(happenings: Iterable[Happening], *, tenant_id: int, actor: User | None = None) -> None:
    """Append the lines in one statement. Subjects must be stored already."""
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            tenant_id=tenant_id,
            subject_type=happening.subject._meta.label_lower,
            subject_id=happening.subject.pk,
            action=happening.action,
            details=happening.details,
            actor=actor,
            correlation_id=correlation.correlation_id.get(),
        )
        for happening in happenings
    )
