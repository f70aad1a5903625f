"""Visits tell of appointments, and of targets that were planned: to the source system of each target."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from integrations.models import SourceSystem
from ordinavo.kernel.instants import instant
from ordinavo.kernel.json_text import json_text, object_text
from targets.events import SUBJECT, linked_blocks, links_of, records_of, target_block
from targets.visits.models import Appointment
from webhooks.catalog.types import APPOINTMENT_CANCELLED, APPOINTMENT_SCHEDULED, TARGET_SCHEDULED
from webhooks.services import publish
from webhooks.services.publish import Audience, Occurrence

_APPOINTMENT = Appointment._meta.label_lower


def tell_scheduled(appointments: Iterable[Appointment]) -> None:
    """Publish that targets were planned and visits with them: four statements for each source system."""
    _tell(appointments, ((TARGET_SCHEDULED, SUBJECT), (APPOINTMENT_SCHEDULED, _APPOINTMENT)))


def tell_cancelled(appointments: Iterable[Appointment]) -> None:
    """Publish that visits were cancelled: four statements for each source system."""
    _tell(appointments, ((APPOINTMENT_CANCELLED, _APPOINTMENT),))


def appointment_block(appointment: Appointment) -> dict[str, Any]:
    """Return the block of an appointment; who comes is not told."""
    return {
        "id": appointment.pk,
        "status": appointment.status,
        "targetId": appointment.target_id,
        "startUtc": instant(appointment.planned_start),
        "endUtc": instant(appointment.planned_end),
        "startedAtUtc": instant(appointment.started_at),
        "endedAtUtc": instant(appointment.ended_at),
    }


def _tell(appointments: Iterable[Appointment], told: Sequence[tuple[str, str]]) -> None:
    by_system: dict[SourceSystem, list[Appointment]] = defaultdict(list)
    for appointment in appointments:
        by_system[appointment.target.source_system].append(appointment)
    for source_system, theirs in by_system.items():
        audience = publish.audience_of(tenant_id=source_system.tenant_id, source_system_id=source_system.pk)
        wanted = [(kind, subject) for kind, subject in told if audience.wants(kind)]
        if wanted:
            _publish(audience, source_system, theirs, wanted)


def _publish(
    audience: Audience,
    source_system: SourceSystem,
    appointments: Sequence[Appointment],
    told: Sequence[tuple[str, str]],
) -> None:
    links = [links_of(one.target) for one in appointments]
    records = records_of(links, source_system)
    occurrences = []
    for one, linked in zip(appointments, links, strict=True):
        snapshot = object_text(
            {
                **linked_blocks(linked, records),
                "target": target_block(one.target, source_system),
                "appointment": json_text(appointment_block(one)),
            }
        )
        for kind, subject in told:
            pk = one.target_id if subject == SUBJECT else one.pk
            occurrences.append(Occurrence(kind, snapshot, subject=(subject, pk)))
    publish.publish_events(audience, occurrences)
