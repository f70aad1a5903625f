"""One chunk of a job: claimed, worked off, settled and counted in one transaction.

The lock on the job's row is the lease: whoever holds it works, everybody else goes away. A worker that is
killed loses its connection, and with it lock and chunk; the items are pending as before.
"""

import json
from collections.abc import Iterable, Sequence

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from ordinavo.kernel import correlation
from ordinavo.kernel.errors import DomainError
from targets.imports import errors
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline import codec
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.protocol import add_to_job, attach_reviews, finish_if_done, settle_items
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.settle import item_columns
from targets.imports.pipeline.work import work_off

log = structlog.get_logger("ordinavo.imports")


@transaction.atomic
def work_chunk(job_id: int) -> bool:
    """Work off the next items of a job; return whether there are more. Harmless to call at any time."""
    job = _claim(job_id)
    if job is None:
        return False
    _speak_for(job)
    items = list(_next_items(job))
    context = Context(job.client, job.pk)
    placed = [Placed(place, codec.load(json.loads(draft))) for _, place, draft in items]
    outcomes = work_off_each(context, placed, validate_only=job.validate_only)
    item_ids = [pk for pk, _, _ in items]
    fates = [item_columns(outcome) for outcome in outcomes]
    settle_items(item_ids, fates)
    if not job.validate_only:
        attach_reviews(zip(item_ids, outcomes, strict=True))
    add_to_job(job, fates)
    _note_progress(job)
    return job.finished_at is None


def work_off_each(context: Context, items: Sequence[Placed], *, validate_only: bool) -> list[Outcome]:
    """Work off a set; if it breaks as a whole, halve it until the broken item stands alone."""
    try:
        return work_off(context, items, validate_only=validate_only)
    except (OperationalError, InterfaceError, DomainError):
        raise
    except Exception:
        if len(items) == 1 or validate_only:
            log.exception("item_broke", job_id=context.job_id)
            return _set_aside(items)
    middle = len(items) // 2
    halves = (items[:middle], items[middle:])
    return [one for half in halves for one in work_off_each(context, half, validate_only=False)]


def _set_aside(items: Sequence[Placed]) -> list[Outcome]:
    """Refuse what broke: the database did not take what the form let through, or a reaction failed.

    It is our fault, but the job must say what happened. What the item did is rolled back already.
    """
    message = "Something went wrong on our side. It has been logged."
    refusal = ItemRefused(errors.INTERNAL_ERROR, message)
    return [Outcome(item.draft, refusal=refusal) for item in items]


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


def _next_items(job: ImportJob) -> Iterable[tuple[int, int, str]]:
    """Return id, place and draft (as JSON text) of the items that come next."""
    pending = ImportItem.objects.filter(job=job, status=ImportItem.Status.PENDING).order_by("index")
    # What is only foretold must be foretold together: later items build on earlier ones.
    rows = pending if job.validate_only else pending[: settings.IMPORT_CHUNK]
    return rows.values_list("id", "place", Cast("draft", TextField()))


def _note_progress(job: ImportJob) -> None:
    now = timezone.now()
    job.status = ImportJob.Status.PROCESSING
    job.started_at = job.started_at or now
    job.rung_at = now
    finish_if_done(job, now)
    job.save()
