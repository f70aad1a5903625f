"""One chunk of a job: claimed, worked off, settled and counted in one transaction.

The lock on the job's row is the lease: whoever holds it works, everybody else goes away. A worker that is
killed loses its connection, and with it lock and chunk; the items are pending as before.
"""

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ordinavo.kernel import correlation
from ordinavo.kernel.json_text import json_value
from ordinavo.kernel.memory import without_collecting
from targets.imports.models import ImportJob
from targets.imports.pipeline import codec
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.each import work_off_each
from targets.imports.pipeline.protocol import (
    add_to_job,
    attach_reviews,
    finish_if_done,
    save_progress,
    settle_items,
)
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.settle import item_columns
from targets.imports.telling import Telling


def work_chunk(job_id: int) -> bool:
    """Work off the next items of a job; return whether there are more. Harmless to call at any time."""
    with without_collecting():
        return _work_chunk(job_id)


@transaction.atomic
def _work_chunk(job_id: int) -> bool:
    job = _claim(job_id)
    if job is None:
        return False
    _speak_for(job)
    items = _next_items(job)
    context = Context(job.client, job.pk)
    placed = [Placed(place, codec.load(json_value(draft))) for _, _, place, draft in items]
    outcomes = work_off_each(context, placed, validate_only=job.validate_only)
    item_ids = [pk for pk, *_ in items]
    telling, fates = Telling(job), []
    for (_, index, _, _), item, outcome in zip(items, placed, outcomes, strict=True):
        fates.append(item_columns(outcome))
        telling.add(index, item.draft.external_id, outcome)
    settle_items(item_ids, fates)
    if not job.validate_only:
        attach_reviews(zip(item_ids, outcomes, strict=True))
    add_to_job(job, fates)
    _note_progress(job)
    telling.publish()
    return job.finished_at is None


def _claim(job_id: int) -> ImportJob | None:
    return (
        ImportJob.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("client__tenant", "client__source_system")
        .filter(id=job_id, finished_at=None)
        .first()
    )


def _speak_for(job: ImportJob) -> None:
    """Let logs and timeline of this work carry the ids of the request that asked for it."""
    correlation.correlation_id.set(job.correlation_id)
    structlog.contextvars.bind_contextvars(
        correlation_id=job.correlation_id,
        request_id=job.request_id,
        tenant_id=job.tenant_id,
        client_id=job.client_id,
        job_id=job.pk,
    )


# The status stands in the statement: as a parameter it could hide the index of pending items.
_NEXT = """
SELECT id, index, place, draft FROM imports_importitem
WHERE job_id = %s AND status = 'Pending' ORDER BY index LIMIT %s
"""


def _next_items(job: ImportJob) -> list[tuple[int, int, int, str]]:
    """Return id, index, place and draft (as JSON text) of the items that come next."""
    # What is only foretold must be foretold together: later items build on earlier ones.
    limit = None if job.validate_only else settings.IMPORT_CHUNK
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [job.pk, limit])
        return list(cursor.fetchall())


def _note_progress(job: ImportJob) -> None:
    now = timezone.now()
    job.status = ImportJob.Status.PROCESSING
    job.started_at = job.started_at or now
    job.rung_at = now
    finish_if_done(job, now)
    save_progress(job)
