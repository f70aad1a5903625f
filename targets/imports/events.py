"""Imports tell of changed targets, refused items, ended jobs and decided reviews."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils import timezone

from integrations.models import SourceSystem
from ordinavo.kernel.instants import instant
from targets.events import SUBJECT, linked_blocks, links_of, records_of, target_block, unstored_block
from targets.imports.errors import SOURCE_SYSTEM_NOT_ALLOWED
from targets.imports.models import ImportItem, ImportJob, MappingReview
from targets.imports.pipeline.outcome import Outcome
from targets.models import Target
from webhooks.catalog.types import (
    JOB_COMPLETED,
    MAPPING_RESOLVED,
    TARGET_CANCELLED,
    TARGET_IMPORTED,
    TARGET_REJECTED,
    TARGET_UPDATED,
)
from webhooks.payload.shape import Snapshot
from webhooks.services import publish
from webhooks.services.publish import Audience, Occurrence, Publication

_JOB = ImportJob._meta.label_lower
_TYPES: dict[str, str] = {
    ImportItem.Result.CREATED: TARGET_IMPORTED,
    ImportItem.Result.UPDATED: TARGET_UPDATED,
    ImportItem.Result.CANCELLED: TARGET_CANCELLED,
}
_ALL_TYPES = (*_TYPES.values(), TARGET_REJECTED)
REOPENED = "Reopened"
_COUNTERS = ("total", "created", "updated", "unchanged", "cancelled", "rejected", "skipped", "warning")


@dataclass(slots=True)
class Settled:
    """An item with its position in the request, the external id it is listed under, and what became of it."""

    index: int
    external_id: str
    outcome: Outcome

    @property
    def event_type(self) -> str:
        """What there is to tell of it; empty if nothing changed."""
        if self.outcome.refusal is not None:
            return TARGET_REJECTED
        return "" if self.outcome.then is None else _TYPES[self.outcome.result]


def tell_settled(job: ImportJob, settled: Iterable[Settled]) -> None:
    """Publish what became of a set of items, and of their job if it has ended: five statements at most.

    Nothing is told of what is only foretold.
    """
    told = _told(job, settled)
    if told is not None:
        publish.publish_events(*told)


def publication_of(job: ImportJob, settled: Iterable[Settled]) -> Publication:
    """Return the same, for those who store it together with other rows: one statement, mostly."""
    told = _told(job, settled)
    return Publication() if told is None else publish.publication_of(*told)


def tell_ended(job: ImportJob) -> None:
    """Publish that a job has ended, if it has."""
    tell_settled(job, [])


def tell_decided(review: MappingReview, followers: Sequence[Target], *, status: str = "") -> None:
    """Publish, for each target that follows, that a record in doubt was decided about: four statements.

    `status` is what to call the decision if the review does not say it: `REOPENED`.
    """
    audience = publish.audience_of(tenant_id=review.tenant_id, source_system_id=review.source_system_id)
    if not followers or not audience.wants(MAPPING_RESOLVED):
        return
    source_system = review.source_system
    links = [links_of(target) for target in followers]
    records = records_of(links, source_system)
    occurrences = [
        Occurrence(
            MAPPING_RESOLVED,
            {
                **linked_blocks(linked, records),
                "target": target_block(target, source_system),
                "mappingReview": _review(review, target, status),
            },
            subject=(SUBJECT, target.pk),
        )
        for target, linked in zip(followers, links, strict=True)
    ]
    publish.publish_events(audience, occurrences)


def _told(job: ImportJob, settled: Iterable[Settled]) -> tuple[Audience, Iterable[Occurrence]] | None:
    telling = [one for one in settled if one.event_type]
    if job.validate_only or not (telling or job.finished_at):
        return None
    audience = publish.audience_of(tenant_id=job.tenant_id, source_system_id=job.source_system_id)
    asked = {event_type for event_type in _ALL_TYPES if audience.wants(event_type)}
    occurrences = _items(job, [one for one in telling if one.event_type in asked] if asked else [])
    return audience, chain(occurrences, _completed(job))


def _items(job: ImportJob, telling: Sequence[Settled]) -> Iterator[Occurrence]:
    """Yield what there is to tell; one after the other, since a snapshot is big and soon a text."""
    if not telling:
        return
    source_system = job.client.source_system
    outcomes = [one.outcome for one in telling]
    links = [{} if one.then is None else links_of(one.then, one.mapping) for one in outcomes]
    records = records_of(links, source_system)
    stored = _stored_targets(source_system, telling)
    for one, linked in zip(telling, links, strict=True):
        then, target = one.outcome.then, one.outcome.target
        if then is None or target is None:
            yield _rejected(job, one, stored.get(_spoken_of(one)), source_system)
        else:
            # A copy was taken before a new target had its id.
            block = target_block(then, source_system, pk=target.id)
            blocks = {**linked_blocks(linked, records), "target": block}
            yield _told_of(job, one.event_type, blocks, (SUBJECT, target.id))


def _rejected(job: ImportJob, one: Settled, target: Target | None, source_system: SourceSystem) -> Occurrence:
    block = (
        unstored_block(one.external_id, source_system)
        if target is None
        else target_block(target, source_system)
    )
    blocks = {"importItem": _item(job, one), "target": block}
    return _told_of(job, TARGET_REJECTED, blocks, (_JOB, job.pk) if target is None else (SUBJECT, target.pk))


def _told_of(job: ImportJob, event_type: str, blocks: Snapshot, subject: tuple[str, int]) -> Occurrence:
    return Occurrence(event_type, blocks, subject=subject, correlation_id=job.correlation_id)


def _completed(job: ImportJob) -> Iterator[Occurrence]:
    if job.finished_at is not None:
        yield Occurrence(
            JOB_COMPLETED,
            {"importJob": _job(job)},
            subject=(_JOB, job.pk),
            client_id=job.client_id,
            correlation_id=job.correlation_id,
        )


def _stored_targets(source_system: SourceSystem, telling: Iterable[Settled]) -> Mapping[str, Target]:
    """Return the targets that refused items speak of, by external id: one statement, if there are any."""
    wanted = {_spoken_of(one) for one in telling if one.outcome.refusal is not None} - {""}
    if not wanted:
        return {}
    rows = Target.objects.filter(
        tenant_id=source_system.tenant_id, source_system=source_system, external_id__among=sorted(wanted)
    )
    return {row.external_id or "": row for row in rows}


def _spoken_of(one: Settled) -> str:
    """Return the external id of the target that an item means; empty if it means another system's."""
    refusal = one.outcome.refusal
    foreign = refusal is not None and refusal.code == SOURCE_SYSTEM_NOT_ALLOWED
    return "" if foreign else one.external_id


def _item(job: ImportJob, one: Settled) -> dict[str, Any]:
    refusal = one.outcome.refusal
    assert refusal is not None  # noqa: S101  (only refused items are told of by themselves)
    return {
        "importJobId": job.pk,
        "index": one.index,
        "externalId": one.external_id,
        "result": ImportItem.Status.REJECTED,
        "errorCode": refusal.code,
        "errorMessage": refusal.message,
        "errors": [{"path": d.path, "code": d.code, "message": d.message} for d in refusal.details],
    }


def _job(job: ImportJob) -> dict[str, Any]:
    return {
        "id": job.pk,
        "status": job.status,
        "batchId": job.batch_id or None,
        "retryOf": job.retry_of_id,
        **{f"{name}Items": getattr(job, f"{name}_items") for name in _COUNTERS},
        "needsReviewItems": job.needs_review_items,
        "createdAt": instant(job.created_at),
        "startedAt": instant(job.started_at),
        "finishedAt": instant(job.finished_at),
    }


def _review(review: MappingReview, target: Target, status: str) -> dict[str, Any]:
    return {
        "id": review.pk,
        "kind": review.kind,
        "externalId": review.external_id or None,
        "status": status or review.status.capitalize(),
        "mappingStatus": (target.mapping or {}).get("status"),
        "decidedAt": instant(review.decided_at or timezone.now()),
    }
