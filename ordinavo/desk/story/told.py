"""The part of a story that outside systems heard: events, each with its deliveries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from ordinavo.desk.story.lines import Line, Note, Window
from ordinavo.kernel.admin import show
from targets.models import Target
from targets.visits.models import Appointment, VisitReport
from webhooks.admin.links import shortened
from webhooks.marks import DELIVERY_STATUS
from webhooks.models import Delivery, Event

DELIVERIES_TOLD = 400


def event_lines(
    target: Target,
    window: Window,
    *,
    visits: Sequence[Appointment],
    reports: Sequence[VisitReport],
    deliveries: bool,
) -> list[Line]:
    """Return what was told of the target, its visits and reports: two statements, one without deliveries."""
    subjects = {
        Target: [target.pk],
        Appointment: [one.pk for one in visits],
        VisitReport: [one.pk for one in reports],
    }
    about = Q()
    for model, ids in subjects.items():
        about |= Q(subject_type=model._meta.label_lower, subject_id__in=ids)
    rows = Event.objects.filter(about, tenant=target.tenant_id, is_example=False)
    events: list[Event] = list(window.rows(rows.defer("snapshot"), "occurred_at"))
    sent = _deliveries(target, events) if deliveries else {}
    return [_line(event, sent.get(event.pk, ())) for event in events]


def _line(event: Event, notes: Sequence[Note]) -> Line:
    return Line(
        at=event.occurred_at,
        part="Event",
        text=event.type,
        href=show.page_of(event),
        kind=_worst(notes),
        rank=5,
        notes=tuple(notes),
        more="" if notes else f"correlation id {event.correlation_id}",
    )


def _worst(notes: Sequence[Note]) -> str:
    kinds = {note.kind for note in notes}
    return next((kind for kind in ("bad", "warn", "info", "good") if kind in kinds), "")


def _deliveries(target: Target, events: Sequence[Event]) -> Mapping[Any, list[Note]]:
    rows = Delivery.objects.filter(tenant=target.tenant_id, event__in=[event.pk for event in events])
    found: dict[Any, list[Note]] = defaultdict(list)
    for one in rows.select_related("subscription").order_by("pk")[:DELIVERIES_TOLD]:
        tries = f" after {one.attempt_count} attempts" if one.attempt_count > 1 else ""
        again = "sent again, " if one.redelivery_of_id else ""
        text = f"{again}{one.status.lower()}{tries}: {shortened(str(one.subscription))}"
        found[one.event_id].append(Note(text, DELIVERY_STATUS.get(one.status, ""), show.page_of(one)))
    return found
