"""Writing the history of records; whoever changes a noun tells it here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.utils import timezone

from ordinavo.kernel import correlation
from ordinavo.kernel.json_text import json_text
from ordinavo.tenants.models import User


@dataclass(frozen=True, slots=True)
class Happening:
    """One line to come: `target.created`, with details as JSON."""

    subject: models.Model
    action: str
    details: dict[str, Any] = field(default_factory=dict)


# Lines that say the same of many subjects travel as one, with the subjects' ids.
_APPEND = """
INSERT INTO customers_timelineentry
    (tenant_id, actor_id, correlation_id, created_at, subject_type, subject_id, action, details)
SELECT %s, %s, %s, %s, said.subject_type, subject_id, said.action, said.details
FROM json_to_recordset(%s::json)
    AS said(subject_type text, action text, details jsonb, subject_ids bigint[]),
    unnest(said.subject_ids) AS subject_id
"""


def record_timeline(happenings: Iterable[Happening], *, tenant_id: int, actor: User | None = None) -> None:
    """Append the lines in their order with one statement. Subjects must be stored already."""
    runs = [_run(*said, subjects) for said, subjects in groupby(happenings, key=_said)]
    if runs:
        actor_id = None if actor is None else actor.pk
        shared = [tenant_id, actor_id, correlation.correlation_id.get(), timezone.now()]
        with connection.cursor() as cursor:
            cursor.execute(_APPEND, [*shared, json_text(runs)])


def _said(happening: Happening) -> tuple[type[models.Model], str, dict[str, Any]]:
    return type(happening.subject), happening.action, happening.details


def _run(
    subject: type[models.Model], action: str, details: dict[str, Any], happenings: Iterable[Happening]
) -> dict[str, Any]:
    return {
        "subject_type": subject._meta.label_lower,
        "action": action,
        "details": details,
        "subject_ids": [happening.subject.pk for happening in happenings],
    }
