"""Cancelling and retrying import jobs."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel.errors import Conflict
from targets.imports.errors import ItemRefused
from targets.imports.measures import count_items
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.protocol import finish_if_done
from targets.imports.selectors.jobs import items_to_retry
from targets.imports.services.batch import Sent, accept_batch
from targets.imports.telling import tell_ended

Judge = Callable[[Any], TargetDraft | ItemRefused]
Status = ImportItem.Status


@transaction.atomic
def cancel_job(*, job: ImportJob) -> ImportJob:
    """Skip what is not worked off yet; `Conflict` if the job has ended.

    Waits for a chunk that is being worked on: its items are done, all later ones are not.
    """
    current = ImportJob.objects.select_for_update().get(id=job.pk)
    if current.finished_at is not None:
        raise Conflict("The import job has ended already.")
    now = timezone.now()
    skipped = ImportItem.objects.filter(job=current, status=Status.PENDING).update(
        status=Status.SKIPPED, draft=None, processed_at=now
    )
    current.skipped_items += skipped
    current.pending_items -= skipped
    count_items(current, {"skipped_items": skipped})
    finish_if_done(current, now)
    current.save()
    tell_ended(current)
    return current


@transaction.atomic
def retry_job(*, job: ImportJob, judge: Judge, item_ids: list[int] | None = None) -> ImportJob:
    """Return a new job with the refused and skipped items of an ended one (or those of `item_ids`).

    They keep their place in the order of requests: what came later stays on top. `Conflict` while the job
    runs, or if there is nothing to retry.
    """
    if job.finished_at is None:
        raise Conflict("The import job is still running.")
    rows = items_to_retry(job)
    if item_ids is not None:
        rows = rows.filter(id__in=item_ids)
    items = [Sent(row.payload, judge(row.payload), place=row.place) for row in rows]
    if not items:
        raise Conflict("The import job has no refused or skipped items.")
    retried, _ = accept_batch(
        client=job.client,
        items=items,
        batch_id=job.batch_id,
        validate_only=job.validate_only,
        retry_of=job,
    )
    return retried
