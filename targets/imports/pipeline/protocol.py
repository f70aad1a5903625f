"""Writing the protocol of a set: many items with one statement, and what they add to their job."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ordinavo.kernel.sets import update_instances, update_rows
from targets.imports.measures import count_items
from targets.imports.models import ImportItem, ImportJob, ReviewedItem
from targets.imports.pipeline.outcome import Outcome
from targets.imports.pipeline.settle import counters, final_status

_UNSAID: dict[str, Any] = {
    "result": "",
    "target_id": None,
    "error_code": "",
    "error_message": "",
    "errors": [],
    "mapping": None,
    "mapping_status": "",
}
_PROGRESS = (
    *(field.name for field in ImportJob._meta.concrete_fields if field.name.endswith("_items")),
    "status",
    "started_at",
    "finished_at",
    "rung_at",
)


def settle_items(item_ids: Sequence[int], fates: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of stored items with one statement; a fate holds the columns that say it."""
    rows = [_row(item_id, fate) for item_id, fate in zip(item_ids, fates, strict=True)]
    update_rows(ImportItem, rows)


def attach_reviews(settled: Iterable[tuple[int, Outcome]]) -> None:
    """Note which reviews the items wait for."""
    waiting = [
        ReviewedItem(review_id=review_id, item_id=item_id)
        for item_id, outcome in settled
        for review_id in outcome.review_ids
    ]
    if waiting:
        ReviewedItem.objects.bulk_create(waiting)


def add_to_job(job: ImportJob, fates: Sequence[Mapping[str, Any]]) -> None:
    """Count settled items on their job, which the caller saves."""
    job.pending_items -= len(fates)
    counted = counters(fates)
    for column, number in counted.items():
        setattr(job, column, getattr(job, column) + number)
    count_items(job, counted)


def save_progress(job: ImportJob) -> None:
    """Write what working on a job changes."""
    update_instances([job], _PROGRESS)


def finish_if_done(job: ImportJob, now: Any) -> None:
    """Give a job its final status when nothing is pending any more; the caller saves it."""
    if not job.pending_items:
        job.status = final_status(job)
        job.finished_at = now


def _row(item_id: int, fate: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to write; PostgreSQL keeps lists and objects as the JSON text they travel as."""
    return {"id": item_id, "draft": None, **_UNSAID, **fate}
