"""The part of a job's page that changes while the job runs."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from ordinavo.kernel.admin import show
from targets.imports.marks import JOB_STATUS
from targets.imports.models import ImportJob

RETRIES_SHOWN = 20
# Word, kind of badge, and the column of an item that says it.
_COUNTERS = (
    ("created", "good", "result"),
    ("updated", "good", "result"),
    ("unchanged", "", "result"),
    ("cancelled", "", "result"),
    ("pending", "info", "status"),
    ("skipped", "warn", "status"),
    ("rejected", "bad", "status"),
)


def live(job: ImportJob) -> dict[str, Any]:
    """Return what the part shows that is renewed while the job runs."""
    facts = show.facts(
        (
            ("Status", show.mark(job.get_status_display(), JOB_STATUS.get(job.get_status_display(), ""))),
            ("Kind", job.get_kind_display() + (" (validate only)" if job.validate_only else "")),
            ("Client", show.link_to(job.client)),
            ("Source system", str(job.source_system)),
            ("Correlation id", job.correlation_id),
            ("Batch id", job.batch_id),
            ("Request id", job.request_id),
        )
    )
    done = job.total_items - job.pending_items
    return {
        "job": job,
        "facts": facts,
        "done": done,
        "percent": 100 * done // job.total_items if job.total_items else 100,
        "parts": _parts(job),
        "moments": _moments(job),
    }


def _parts(job: ImportJob) -> list[dict[str, Any]]:
    """Return the counters, each with a link to its items; zeros are left out."""
    parts = [
        (getattr(job, f"{word}_items"), word, kind, {f"{column}__exact": word.capitalize()})
        for word, kind, column in _COUNTERS
    ]
    parts.append((job.needs_review_items, "waiting for a review", "warn", {"mapping_status": "NeedsReview"}))
    parts.append((job.warning_items, "with warnings", "warn", {}))
    page = reverse("admin:imports_importitem_changelist")
    return [
        {
            "text": f"{count} {word}",
            "kind": kind,
            "href": f"{page}?{urlencode({'job__id__exact': str(job.pk), **query})}" if query else "",
        }
        for count, word, kind, query in parts
        if count
    ]


def _moments(job: ImportJob) -> list[dict[str, Any]]:
    """Return what happened to the job, oldest first."""
    moments: list[dict[str, Any]] = [{"what": "Accepted", "when": show.when(job.created_at), "link": ""}]
    if job.retry_of:
        moments[0] |= {"what": "Accepted as a retry of", "link": show.link_to(job.retry_of)}
    if job.started_at:
        moments.append({"what": "Started", "when": show.when(job.started_at), "link": ""})
    if job.finished_at:
        moments.append({"what": job.get_status_display(), "when": show.when(job.finished_at), "link": ""})
    retries = job.retries.order_by("pk")[:RETRIES_SHOWN]
    return moments + [
        {"what": "Retried as", "when": show.when(one.created_at), "link": show.link_to(one)}
        for one in retries
    ]


def counted(row: ImportJob) -> list[tuple[str, str, int]]:
    """Return the counters that add up to all items: word, kind of badge, number."""
    return [(word, kind, getattr(row, f"{word}_items")) for word, kind, _ in _COUNTERS]
