"""One target through the door: the job is made, worked off and finished before the answer goes out."""

from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel import correlation
from ordinavo.kernel.errors import DomainError
from targets.imports import errors
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem, ImportJob, ReviewedItem, place_of
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.settle import counters, final_status, item_columns
from targets.imports.pipeline.work import work_off

log = structlog.get_logger("ordinavo.imports")


@transaction.atomic
def import_target(
    *,
    client: IntegrationClient,
    payload: dict[str, Any],
    judged: TargetDraft | ItemRefused,
    validate_only: bool = False,
) -> ImportItem:
    """Import one target and return its item, whose job is finished; a refused one keeps its job too.

    `judged` is the draft, or why the payload's form is refused.
    """
    job = _accept(client=client, validate_only=validate_only)
    if isinstance(judged, ItemRefused):
        outcome = Outcome(None, refusal=judged)
    else:
        outcome = _work_off_one(Context(client, job.pk), job, judged)
    return _finish(job, payload, outcome)


def _accept(*, client: IntegrationClient, validate_only: bool) -> ImportJob:
    now = timezone.now()
    job = ImportJob.objects.create(
        tenant=client.tenant,
        client=client,
        source_system=client.source_system,
        kind=ImportJob.Kind.SINGLE,
        validate_only=validate_only,
        correlation_id=correlation.correlation_id.get(),
        request_id=correlation.request_id.get(),
        total_items=1,
        pending_items=1,
        created_at=now,
        started_at=now,
    )
    structlog.contextvars.bind_contextvars(job_id=job.pk)
    return job


def _work_off_one(context: Context, job: ImportJob, draft: TargetDraft) -> Outcome:
    item = Placed(place_of(job_id=job.pk, index=0), draft)
    try:
        return work_off(context, [item], validate_only=job.validate_only)[0]
    except (OperationalError, InterfaceError, DomainError):
        raise
    except Exception:
        # The database refused what the form let through, or a reaction broke: our fault, but the job must
        # say what happened. What the item did is rolled back already.
        log.exception("item_broke", job_id=job.pk)
        message = "Something went wrong on our side. It has been logged."
        return Outcome(draft, refusal=ItemRefused(errors.INTERNAL_ERROR, message))


def _finish(job: ImportJob, payload: dict[str, Any], outcome: Outcome) -> ImportItem:
    item = ImportItem.objects.create(
        tenant_id=job.tenant_id,
        job=job,
        index=0,
        place=place_of(job_id=job.pk, index=0),
        external_id=_external_id(payload),
        payload=payload,
        **item_columns(outcome),
    )
    if outcome.review_ids and not job.validate_only:
        ReviewedItem.objects.bulk_create(
            ReviewedItem(review_id=review_id, item=item) for review_id in outcome.review_ids
        )
    job.pending_items = 0
    for column, number in counters([outcome]).items():
        setattr(job, column, number)
    job.status = final_status(job)
    job.finished_at = timezone.now()
    job.save()
    return item


def _external_id(payload: dict[str, Any]) -> str:
    sent = payload.get("externalId")
    return sent[:128] if isinstance(sent, str) else ""
