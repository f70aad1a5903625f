"""Visits tell of appointments, reports and targets that were worked on: to the source system of each target.

What happened to a visit is one snapshot, told as several types of events; each type has its own blocks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from customers.selectors.blocks import Block
from integrations.models import SourceSystem
from ordinavo.kernel.json_text import json_text
from targets.events import SUBJECT, linked_blocks, links_of, records_of, target_block
from targets.visits.blocks import REPORT, appointment_block, billing_block, report_block
from targets.visits.models import Appointment, VisitReport
from targets.visits.selectors.files import attachment_counts
from webhooks.catalog.types import APPOINTMENT_CANCELLED, APPOINTMENT_SCHEDULED, EVENT_TYPES, TARGET_SCHEDULED
from webhooks.services import publish
from webhooks.services.publish import Audience, Occurrence

_APPOINTMENT = Appointment._meta.label_lower


@dataclass(frozen=True, slots=True)
class _Telling:
    """A visit to tell of, with the blocks that it has beside its target's and its own."""

    appointment: Appointment
    subjects: Mapping[str, int]
    blocks: Mapping[str, Block] = field(default_factory=dict)


def tell_scheduled(appointments: Iterable[Appointment]) -> None:
    """Publish that targets were planned and visits with them: four statements for each source system."""
    tell(appointments, TARGET_SCHEDULED, APPOINTMENT_SCHEDULED)


def tell_cancelled(appointments: Iterable[Appointment]) -> None:
    """Publish that visits were cancelled: four statements for each source system."""
    tell(appointments, APPOINTMENT_CANCELLED)


def tell(appointments: Iterable[Appointment], *kinds: str) -> None:
    """Publish that this happened to visits, in the order of `kinds`: four statements for each source system.

    Their targets, with source systems, are in memory as they are stored now.
    """
    _tell([_Telling(one, _subjects(one)) for one in appointments], kinds)


def tell_reports(reports: Sequence[VisitReport], *kinds: str) -> None:
    """Publish that this happened to reports, in the order of `kinds`: six statements at most for each source
    system.

    Their appointments and targets, with source systems, are in memory as they are stored now, and so are
    their billing events where a kind tells of these.
    """
    if not reports:
        return
    counts = attachment_counts([report.pk for report in reports])
    billed = any("billingEvent" in EVENT_TYPES[kind].blocks for kind in kinds)
    _tell([_telling(report, counts.get(report.pk, 0), billed=billed) for report in reports], kinds)


def _telling(report: VisitReport, attachments: int, *, billed: bool) -> _Telling:
    appointment = report.appointment
    blocks = {"visitReport": report_block(report, attachments)}
    if billed:
        blocks["billingEvent"] = billing_block(report.billing_event, report)
    return _Telling(appointment, {**_subjects(appointment), REPORT: report.pk}, blocks)


def _subjects(appointment: Appointment) -> dict[str, int]:
    return {SUBJECT: appointment.target_id, _APPOINTMENT: appointment.pk}


def _subject(kind: str) -> str:
    """Return what an event of this kind is about, by its noun; a bill goes by its report."""
    return {"target": SUBJECT, "appointment": _APPOINTMENT}.get(kind.partition(".")[0], REPORT)


def _tell(tellings: Iterable[_Telling], kinds: Sequence[str]) -> None:
    by_system: dict[SourceSystem, list[_Telling]] = defaultdict(list)
    for telling in tellings:
        by_system[telling.appointment.target.source_system].append(telling)
    for source_system, theirs in by_system.items():
        audience = publish.audience_of(tenant_id=source_system.tenant_id, source_system_id=source_system.pk)
        wanted = [kind for kind in kinds if audience.wants(kind)]
        if wanted:
            _publish(audience, source_system, theirs, wanted)


def _publish(
    audience: Audience, source_system: SourceSystem, tellings: Sequence[_Telling], kinds: Sequence[str]
) -> None:
    links = [links_of(one.appointment.target) for one in tellings]
    records = records_of(links, source_system)
    occurrences = []
    for one, linked in zip(tellings, links, strict=True):
        snapshot = json_text(
            {
                **linked_blocks(linked, records),
                "target": target_block(one.appointment.target, source_system),
                "appointment": appointment_block(one.appointment),
                **one.blocks,
            }
        )
        for kind in kinds:
            subject = _subject(kind)
            occurrences.append(Occurrence(kind, snapshot, subject=(subject, one.subjects[subject])))
    publish.publish_events(audience, occurrences)
