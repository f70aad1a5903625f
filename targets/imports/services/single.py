"""One target through the door: the job is made, worked off and finished before the answer goes out."""

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel import correlation
from ordinavo.kernel.lean import new_row
from ordinavo.kernel.sets import draw_id, insert_each
from targets.imports.errors import ItemRefused
from targets.imports.models import ImportItem, ImportJob, place_of
from targets.imports.pipeline.context import Context
from targets.imports.pipeline.drafts import TargetDraft
from targets.imports.pipeline.each import work_off_each
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.protocol import add_to_job, attach_reviews, finish_if_done
from targets.imports.pipeline.run import Placed
from targets.imports.pipeline.settle import external_id_of, item_columns
from targets.imports.telling import Telling


@transaction.atomic(savepoint=False)
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
        item = Placed(place_of(job_id=job.pk, index=0), judged)
        [outcome] = work_off_each(Context(client, job.pk), [item], validate_only=validate_only)
    return _finish(job, payload, outcome)


def _accept(*, client: IntegrationClient, validate_only: bool) -> ImportJob:
    """Return a job that has its id, and with it its place in the order; it is stored when it is finished."""
    now = timezone.now()
    columns = {
        "id": draw_id(ImportJob),
        "kind": ImportJob.Kind.SINGLE,
        "validate_only": validate_only,
        "correlation_id": correlation.correlation_id.get(),
        "request_id": correlation.request_id.get(),
        "total_items": 1,
        "pending_items": 1,
        "created_at": now,
        "started_at": now,
    }
    links = {"tenant": client.tenant, "client": client, "source_system": client.source_system}
    job = new_row(ImportJob, columns, **links)
    structlog.contextvars.bind_contextvars(job_id=job.pk)
    return job


def _finish(job: ImportJob, payload: dict[str, Any], outcome: Outcome) -> ImportItem:
    fate = item_columns(outcome)
    columns = {
        "index": 0,
        "place": place_of(job_id=job.pk, index=0),
        "external_id": external_id_of(payload),
        "payload": payload,
        **fate,
    }
    item = new_row(ImportItem, columns, tenant=job.tenant, job=job)
    add_to_job(job, [fate])
    finish_if_done(job, timezone.now())
    telling = Telling(job)
    telling.add(0, item.external_id, outcome)
    publication = telling.publication()
    insert_each([job], [item], beside=publication.sets)
    publication.announce()
    if not job.validate_only:
        attach_reviews([(item.pk, outcome)])
    return item
