"""Thousands of targets at once: stored in a breath, worked off by Celery."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel import correlation
from ordinavo.kernel.json_text import json_text
from targets.imports import tasks
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem, ImportJob, place_of
from targets.imports.pipeline import codec
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.protocol import add_to_job, finish_if_done
from targets.imports.pipeline.settle import external_id_of, item_columns
from targets.imports.services.room import make_sure_of_room
from targets.imports.telling import Telling

_COLUMNS = (
    "tenant_id, job_id, index, place, external_id, payload, draft, status, result, error_code, error_message,"
    " errors, warnings, mapping_status, processed_at"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One item as it came, its form judged; `place` is that of an earlier request, if it is a retry."""

    payload: Any
    judged: TargetDraft | ItemRefused
    place: int | None = None


@transaction.atomic
def accept_batch(
    *,
    client: IntegrationClient,
    items: Sequence[Sent],
    batch_id: str = "",
    validate_only: bool = False,
    retry_of: ImportJob | None = None,
) -> tuple[ImportJob, list[ImportItem]]:
    """Store a batch and call a worker after the commit; return the job and its items (without ids).

    Items whose form is wrong are refused at once; if all are, the job is finished already. Raises
    `RateLimited` while too many batches of the client are not finished.
    """
    make_sure_of_room(client)
    job = _new_job(client, len(items))
    job.batch_id, job.validate_only, job.retry_of = batch_id, validate_only, retry_of
    fates = [_fate(sent.judged) for sent in items]
    add_to_job(job, [fate for fate in fates if "status" in fate])
    finish_if_done(job, job.created_at)
    job.save(force_insert=True)
    rows = [
        _item(job, index, sent, fate) for index, (sent, fate) in enumerate(zip(items, fates, strict=True))
    ]
    _copy(rows)
    _tell_refused(job, rows, items)
    if job.finished_at is None:
        transaction.on_commit(partial(tasks.ring, job.pk), robust=True)
    return job, rows


def _tell_refused(job: ImportJob, rows: Sequence[ImportItem], items: Sequence[Sent]) -> None:
    telling = Telling(job)
    for row, sent in zip(rows, items, strict=True):
        if isinstance(sent.judged, ItemRefused):
            telling.add(row.index, row.external_id, Outcome(None, refusal=sent.judged))
    telling.publish()


def _new_job(client: IntegrationClient, number: int) -> ImportJob:
    now = timezone.now()
    return ImportJob(
        tenant=client.tenant,
        client=client,
        source_system=client.source_system,
        kind=ImportJob.Kind.BATCH,
        correlation_id=correlation.correlation_id.get(),
        request_id=correlation.request_id.get(),
        total_items=number,
        pending_items=number,
        created_at=now,
        rung_at=now,
    )


def _fate(judged: TargetDraft | ItemRefused) -> dict[str, Any]:
    """Return the columns that a judged form sets: its draft for the worker, or why it is refused."""
    if isinstance(judged, ItemRefused):
        return item_columns(Outcome(None, refusal=judged))
    return {"draft": codec.dump(judged)}


def _item(job: ImportJob, index: int, sent: Sent, fate: dict[str, Any]) -> ImportItem:
    return ImportItem(
        tenant_id=job.tenant_id,
        job=job,
        index=index,
        place=place_of(job_id=job.pk, index=index) if sent.place is None else sent.place,
        external_id=external_id_of(sent.payload),
        payload=sent.payload,
        **fate,
    )


def _copy(items: Sequence[ImportItem]) -> None:
    """COPY is several times faster than INSERT, and a batch is answered only when it is stored."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY imports_importitem ({_COLUMNS}) FROM STDIN") as copy,
    ):
        for item in items:
            copy.write_row(
                (
                    item.tenant_id,
                    item.job_id,
                    item.index,
                    item.place,
                    item.external_id,
                    json_text(item.payload),
                    None if item.draft is None else json_text(item.draft),
                    item.status,
                    item.result,
                    item.error_code,
                    item.error_message,
                    json_text(item.errors),
                    json_text(item.warnings),
                    item.mapping_status,
                    item.processed_at,
                )
            )
