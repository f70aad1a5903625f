"""Imports tell of changed targets, refused items and ended jobs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from customers.selectors.blocks import RecordBlocks
from integrations.models import SourceSystem
from ordinavo.kernel.instants import instant
from ordinavo.kernel.json_text import json_text
from targets.events import SUBJECT, Links, linked_blocks, links_of, records_of, target_block, unstored_block
from targets.imports.errors import SOURCE_SYSTEM_NOT_ALLOWED
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.outcome import Outcome
from targets.models import Target
from webhooks.catalog.types import (
    JOB_COMPLETED,
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
_COUNTERS = ("total", "created", "updated", "unchanged", "cancelled", "rejected", "skipped", "warning")


@dataclass(slots=True)
class _Open:
    """An item that cannot be told of before the database was asked."""

    index: int
    external_id: str
    outcome: Outcome
    links: Links


class Telling:
    """What there is to tell of a job: of its items, and that it has ended. Nothing of what is only foretold.

    Each item becomes text when it is added, while the processor has at hand what belongs to it: fetching all
    that from memory again, hundreds of items later, takes as long as the work itself. What has to be looked
    up is looked up for all items together.
    """

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._told: list[Occurrence | _Open] = []

    def add(self, index: int, external_id: str, outcome: Outcome) -> None:
        """Note what became of an item: its position in the request, the external id it is listed under."""
        event_type = _event_type(outcome)
        if not event_type or self._job.validate_only or not self._audience.wants(event_type):
            return
        then, target = outcome.then, outcome.target
        if then is None or target is None:
            self._told.append(_Open(index, external_id, outcome, {}))
            return
        links = links_of(then, outcome.mapping)
        if any(block is None for _, block in links.values()):
            self._told.append(_Open(index, external_id, outcome, links))
        else:
            self._told.append(self._occurrence(outcome, links, {}))

    def publish(self) -> None:
        """Tell it: five statements at most."""
        if self._is_due:
            publish.publish_events(self._audience, self._occurrences())

    def publication(self) -> Publication:
        """Return the same, for those who store it together with other rows: one statement, mostly."""
        return publish.publication_of(self._audience, self._occurrences()) if self._is_due else Publication()

    @property
    def _is_due(self) -> bool:
        return bool(self._told) or (self._job.finished_at is not None and not self._job.validate_only)

    @cached_property
    def _audience(self) -> Audience:
        job = self._job
        return publish.audience_of(tenant_id=job.tenant_id, source_system_id=job.source_system_id)

    @cached_property
    def _source_system(self) -> SourceSystem:
        return self._job.client.source_system

    def _occurrences(self) -> Iterator[Occurrence]:
        """Yield all; what was left open becomes text one after the other, since a snapshot is big."""
        left = [one for one in self._told if isinstance(one, _Open)]
        records = records_of([one.links for one in left], self._source_system) if left else {}
        stored = _stored_targets(self._source_system, left) if left else {}
        for one in self._told:
            if isinstance(one, Occurrence):
                yield one
            elif one.outcome.refusal is not None:
                yield self._rejected(one, stored.get(_spoken_of(one)))
            else:
                yield self._occurrence(one.outcome, one.links, records)
        yield from _completed(self._job)

    def _occurrence(self, outcome: Outcome, links: Links, records: RecordBlocks) -> Occurrence:
        then, target = outcome.then, outcome.target
        assert then is not None  # noqa: S101  (the caller has looked)
        assert target is not None  # noqa: S101
        # A copy was taken before a new target had its id.
        block = target_block(then, self._source_system, pk=target.id)
        snapshot = json_text({**linked_blocks(links, records), "target": block})
        return _told_of(self._job, _TYPES[outcome.result], snapshot, (SUBJECT, target.id))

    def _rejected(self, one: _Open, target: Target | None) -> Occurrence:
        block = (
            unstored_block(one.external_id, self._source_system)
            if target is None
            else target_block(target, self._source_system)
        )
        subject = (_JOB, self._job.pk) if target is None else (SUBJECT, target.pk)
        blocks = {"importItem": _item(self._job, one), "target": block}
        return _told_of(self._job, TARGET_REJECTED, blocks, subject)


def tell_ended(job: ImportJob) -> None:
    """Publish that a job has ended, if it has."""
    Telling(job).publish()


def _event_type(outcome: Outcome) -> str:
    """Return what there is to tell of an item; empty if nothing changed."""
    if outcome.refusal is not None:
        return TARGET_REJECTED
    return "" if outcome.then is None else _TYPES[outcome.result]


def _told_of(
    job: ImportJob, event_type: str, snapshot: Snapshot | str, subject: tuple[str, int]
) -> Occurrence:
    return Occurrence(event_type, snapshot, subject=subject, correlation_id=job.correlation_id)


def _completed(job: ImportJob) -> Iterator[Occurrence]:
    if job.finished_at is not None:
        yield Occurrence(
            JOB_COMPLETED,
            {"importJob": _job(job)},
            subject=(_JOB, job.pk),
            client_id=job.client_id,
            correlation_id=job.correlation_id,
        )


def _stored_targets(source_system: SourceSystem, left: Iterable[_Open]) -> Mapping[str, Target]:
    """Return the targets that refused items speak of, by external id: one statement, if there are any."""
    wanted = {_spoken_of(one) for one in left if one.outcome.refusal is not None} - {""}
    if not wanted:
        return {}
    rows = Target.objects.filter(
        tenant_id=source_system.tenant_id, source_system=source_system, external_id__among=sorted(wanted)
    )
    return {row.external_id or "": row for row in rows}


def _spoken_of(one: _Open) -> str:
    """Return the external id of the target that an item means; empty if it means another system's."""
    refusal = one.outcome.refusal
    foreign = refusal is not None and refusal.code == SOURCE_SYSTEM_NOT_ALLOWED
    return "" if foreign else one.external_id


def _item(job: ImportJob, one: _Open) -> dict[str, Any]:
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
