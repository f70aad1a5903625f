"""The timeline of one record, of this room or of those above."""

from django.db.models import Model, QuerySet

from customers.models import TimelineEntry

TIMELINE_LENGTH = 50


def timeline_of(subject: Model, *, tenant_id: int) -> QuerySet[TimelineEntry]:
    """Return the newest fifty lines of a record's history with their actors, newest first: one query."""
    entries = TimelineEntry.objects.filter(
        tenant_id=tenant_id, subject_type=subject._meta.label_lower, subject_id=subject.pk
    )
    return entries.select_related("actor").order_by("-id")[:TIMELINE_LENGTH]
