"""From outcomes to the protocol: columns of items, counters of jobs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from customers.matching.mapping import NEEDS_REVIEW
from targets.imports.models import ImportItem, ImportJob
from targets.imports.pipeline import codec
from targets.imports.pipeline.outcome import Outcome

_COUNTERS: dict[str, str] = {
    ImportItem.Result.CREATED: "created_items",
    ImportItem.Result.UPDATED: "updated_items",
    ImportItem.Result.UNCHANGED: "unchanged_items",
    ImportItem.Result.CANCELLED: "cancelled_items",
}


def item_columns(outcome: Outcome) -> dict[str, Any]:
    """Return the columns of an item that say what became of it."""
    if outcome.refusal is not None:
        return {**_refused(outcome), "warnings": _warnings(outcome), "processed_at": timezone.now()}
    mapping = outcome.mapping_json
    return {
        "draft": waiting_draft(outcome),
        "status": ImportItem.Status.IMPORTED,
        "result": outcome.result,
        "target_id": None if outcome.target is None else outcome.target.pk,
        "warnings": _warnings(outcome),
        "mapping": mapping,
        "mapping_status": "" if mapping is None else mapping["status"],
        "processed_at": timezone.now(),
    }


def counters(fates: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return what items with these columns add to the counters of their job."""
    counted: Counter[str] = Counter()
    for fate in fates:
        refused = fate["status"] == ImportItem.Status.REJECTED
        counted["rejected_items" if refused else _COUNTERS[fate["result"]]] += 1
        counted["warning_items"] += bool(fate["warnings"] or (fate.get("mapping") or {}).get("warnings"))
        counted["needs_review_items"] += fate.get("mapping_status") == NEEDS_REVIEW
    return counted


def final_status(job: ImportJob) -> str:
    """Return the status of a job whose items are all settled."""
    if job.skipped_items:
        return ImportJob.Status.CANCELLED
    if not job.rejected_items:
        return ImportJob.Status.COMPLETED
    if job.rejected_items == job.total_items:
        return ImportJob.Status.FAILED
    return ImportJob.Status.PARTIALLY_FAILED


def external_id_of(payload: Any) -> str:
    """Return the external id that an item is listed under; "" where there is none to list."""
    sent = payload.get("externalId") if isinstance(payload, dict) else None
    return sent[:128] if isinstance(sent, str) else ""


def waiting_draft(outcome: Outcome) -> dict[str, Any] | None:
    """Return the draft of an item that waits for a review, so that its records can be mapped again."""
    return codec.dump(outcome.draft) if outcome.review_ids and outcome.draft is not None else None


def _warnings(outcome: Outcome) -> list[dict[str, str]]:
    """Return the warnings; of a refused item those of its form, which may tell why it was refused."""
    form = outcome.draft.warnings if outcome.refusal is not None and outcome.draft is not None else ()
    return [warning.as_json() for warning in (*form, *outcome.warnings)]


def _refused(outcome: Outcome) -> dict[str, Any]:
    refusal = outcome.refusal
    assert refusal is not None  # noqa: S101  (the caller has looked)
    return {
        "status": ImportItem.Status.REJECTED,
        "error_code": refusal.code,
        "error_message": refusal.message,
        "errors": [{"path": d.path, "code": d.code, "message": d.message} for d in refusal.details],
    }
