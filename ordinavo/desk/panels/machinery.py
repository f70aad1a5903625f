"""What support looks at: what came in, what was refused and why, what waits, who is not reached."""

from contextlib import suppress
from typing import Any

import redis
from django.conf import settings

from ordinavo.desk.panels.figures import Figure, Seen, age, counted, figure, listed, number
from ordinavo.kernel import liveness
from ordinavo.kernel.admin import show
from targets.imports.marks import JOB_STATUS
from targets.imports.selectors.desk import (
    items_refused_lately,
    jobs_lately,
    latest_jobs,
    oldest_unfinished,
    refusals_lately,
)
from webhooks.desk import deliveries_failing, overdue_since, subscriptions_in_trouble
from webhooks.marks import SUBSCRIPTION_STATE, state_of

ROWS, CODES = 8, 8
# From so many seconds on, what should be done at once is slow, and then stuck.
SLOW, STUCK = 60, 600
_LISTS = {
    "imports": ("imports_importjob", {"status__exact": "Processing"}),
    "webhooks": ("webhooks_delivery", {"status": "Pending"}),
    "routes": ("routes_routesuggestion", {"status__exact": "Pending"}),
}


def figures(seen: Seen) -> dict[str, Any]:
    """Return what came in during the last 24 hours, what waits and what fails; refused items by code."""
    found: list[Figure] = []
    codes: list[tuple[str, str, str]] = []
    if seen.may("imports.view_importjob"):
        by_code = refusals_lately(seen.tenant)
        refused = by_code.total()
        jobs = number(jobs_lately(seen.tenant))
        found = [
            Figure("Imports", jobs, listed("imports_importjob", age="day"), note="last 24 hours"),
            Figure(
                "Refused items",
                f"{refused:,}",
                listed("imports_importitem", refused="day"),
                "bad" if refused else "good",
                "last 24 hours",
            ),
            _oldest_job(seen),
        ]
        codes = [
            (code, f"{count:,}", listed("imports_importitem", refused="day", error_code=code))
            for code, count in by_code.most_common(CODES)
        ]
    if seen.may("webhooks.view_delivery"):
        found += _deliveries(seen)
    return {"figures": found, "codes": codes} if found else {}


def _oldest_job(seen: Seen) -> Figure:
    job = oldest_unfinished(seen.tenant)
    if job is None:
        return Figure("Oldest waiting job", "none", listed("imports_importjob"), "good")
    waits = int((seen.now - job.created_at).total_seconds())
    note = f"job {job.pk}, {job.get_status_display().lower()}"
    return Figure("Oldest waiting job", age(job.created_at, seen.now), show.page_of(job), pace(waits), note)


def _deliveries(seen: Seen) -> list[Figure]:
    failing = counted(deliveries_failing(seen.tenant))
    since = overdue_since(seen.tenant, now=seen.now)
    href = listed("webhooks_delivery", status="failing", age="day")
    waits = int((seen.now - since).total_seconds()) if since else 0
    return [
        figure("Deliveries failing", failing, href, kind="bad", note="last 24 hours"),
        Figure(
            "Deliveries overdue",
            f"by {age(since, seen.now)}" if since else "none",
            listed("webhooks_delivery", status="Pending"),
            pace(waits),
        ),
    ]


def pace(seconds: int) -> str:
    """Return the kind of badge for something that waits so long."""
    if seconds >= STUCK:
        return "bad"
    return "warn" if seconds >= SLOW else "good"


def queues(seen: Seen) -> dict[str, Any]:
    """Return how many bells stand in each queue and how old they are, as tables do."""
    names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    with suppress(redis.RedisError):
        return {"queues": [_queue(one, seen) for one in liveness.queues(names)]}
    return {"queues": [], "away": True}


def _queue(queue: liveness.Queue, seen: Seen) -> dict[str, Any]:
    model, query = _LISTS.get(queue.name, ("", {}))
    waits = int((seen.now - queue.oldest_at).total_seconds()) if queue.oldest_at else 0
    return {
        "name": queue.name,
        "length": queue.length,
        "age": age(queue.oldest_at, seen.now) if queue.length else "none",
        "kind": pace(waits) if queue.length else "good",
        "word": {"good": "moving", "warn": "slow", "bad": "stuck"}[pace(waits)] if queue.length else "empty",
        "href": listed(model, **query) if model else "",
    }


def trouble(seen: Seen) -> dict[str, Any]:
    """Return the receivers that fail or were given up; nothing where all do well."""
    rows = subscriptions_in_trouble(seen.tenant, limit=ROWS)
    if not rows:
        return {}
    marked = [(one, state_of(one), SUBSCRIPTION_STATE[state_of(one)]) for one in rows]
    return {"troubled": marked, "href": listed("webhooks_delivery", status="failing")}


def refused(seen: Seen) -> dict[str, Any]:
    """Return the newest items that were refused in the last 24 hours; nothing where there are none."""
    rows = items_refused_lately(seen.tenant, limit=ROWS)
    return {"refused": rows, "href": listed("imports_importitem", refused="day")} if rows else {}


def imports(seen: Seen) -> dict[str, Any]:
    """Return the newest jobs."""
    jobs = [
        (job, JOB_STATUS.get(job.get_status_display(), "")) for job in latest_jobs(seen.tenant, limit=ROWS)
    ]
    return {"jobs": jobs, "href": listed("imports_importjob")}
