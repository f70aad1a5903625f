"""What the API says of jobs and items, cut to the client's scopes."""

from typing import Any

from integrations.grants import Grant
from ordinavo.kernel.instants import instant
from targets.api.outputs import mapping_out
from targets.imports.models import ImportItem, ImportJob

JOBS_PATH = "/api/connect/v1/import-jobs"

_COUNTERS = ("total", "pending", "created", "updated", "unchanged", "cancelled", "rejected", "skipped")
_BESIDE = {"warningItems": "warning_items", "needsReviewItems": "needs_review_items"}


def job_path(job_id: int) -> str:
    """Return the path under which a job is read."""
    return f"{JOBS_PATH}/{job_id}"


def counters(job: ImportJob) -> dict[str, int]:
    """Return the counters of a job; the first is the sum of the next seven."""
    counted = {f"{name}Items": getattr(job, f"{name}_items") for name in _COUNTERS}
    return counted | {name: getattr(job, column) for name, column in _BESIDE.items()}


def accepted(job: ImportJob, items: list[ImportItem], grant: Grant) -> dict[str, Any]:
    """Return the 202 answer: the job was accepted, and what is known of its items already."""
    return {
        "importJobId": job.pk,
        "status": ImportJob.Status.ACCEPTED,
        **counters(job),
        "items": [item_out(item, grant) for item in items],
        "links": {"importJob": job_path(job.pk)},
    }


def job_out(job: ImportJob) -> dict[str, Any]:
    """Return a job as it stands."""
    done = job.total_items - job.pending_items
    return {
        "id": job.pk,
        "status": job.status,
        **counters(job),
        "progressPercent": 100 * done // job.total_items if job.total_items else 100,
        "validateOnly": job.validate_only,
        "batchId": job.batch_id or None,
        "correlationId": job.correlation_id,
        "retryOf": job.retry_of_id,
        "createdAt": instant(job.created_at),
        "startedAt": instant(job.started_at),
        "finishedAt": instant(job.finished_at),
        "links": {
            "self": job_path(job.pk),
            "items": f"{job_path(job.pk)}/items",
            "errors": f"{job_path(job.pk)}/errors.csv",
        },
    }


def item_out(item: ImportItem, grant: Grant) -> dict[str, Any]:
    """Return an item; what it holds beside index, external id and status depends on the status."""
    said: dict[str, Any] = {"index": item.index, "externalId": item.external_id, "status": item.status}
    if item.status == ImportItem.Status.IMPORTED:
        said |= {
            "result": item.result,
            "targetId": item.target_id,
            "warnings": item.warnings,
            "customerMapping": mapping_out(item.mapping, grant),
        }
    elif item.status == ImportItem.Status.REJECTED:
        said |= {
            "errorCode": item.error_code,
            "errorMessage": item.error_message,
            "errors": item.errors,
            "warnings": item.warnings,
        }
    return said
