"""What operators look at: tenants, workers, and what has waited longest, whoever's it is."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import redis
from django.db.models import OuterRef, Subquery

from ordinavo.desk.panels.figures import Figure, Seen, age, counted, listed, number
from ordinavo.desk.panels.machinery import pace
from ordinavo.kernel import liveness
from ordinavo.kernel.admin import show
from ordinavo.tenants.models import Tenant
from targets.imports.models import MappingReview
from targets.imports.selectors.desk import oldest_unfinished
from targets.routes.selectors.desk import oldest_unplanned
from targets.visits.models import VisitReport
from webhooks.desk import overdue_since

ROWS = 8
# By the names that `make run` and docs/operations.md give to workers.
_KINDS = {"webhooks": "deliveries", "routes": "route planning"}


def figures(seen: Seen) -> dict[str, Any]:
    """Return the tenants and the workers that live."""
    live = Tenant.objects.filter(twin_of=None)
    found = [
        Figure("Tenants", number(counted(live)), listed("tenants_tenant")),
        *_oldest(seen),
    ]
    return {"figures": found, **_workers(seen)}


def _workers(seen: Seen) -> dict[str, Any]:
    with suppress(redis.RedisError):
        heard = liveness.workers_heard()
        lines = [(name, _kind(name), age(at, seen.now)) for name, at in heard.items()]
        return {"workers": lines[:50], "living": len(lines)}
    return {"workers": [], "living": 0, "away": True}


def _kind(name: str) -> str:
    return _KINDS.get(name.partition("@")[0], "imports and chores")


def _oldest(seen: Seen) -> list[Figure]:
    job, suggestion = oldest_unfinished(None), oldest_unplanned(None)
    since = overdue_since(None, now=seen.now)
    return [
        _waiting(
            "Oldest import",
            job.created_at if job else None,
            show.page_of(job) if job else "",
            seen,
            "imports_importjob",
        ),
        _waiting(
            "Oldest planning",
            suggestion.created_at if suggestion else None,
            show.page_of(suggestion) if suggestion else "",
            seen,
            "routes_routesuggestion",
        ),
        _waiting("Oldest overdue delivery", since, "", seen, "webhooks_delivery"),
    ]


def _waiting(label: str, since: datetime | None, href: str, seen: Seen, model: str) -> Figure:
    waits = int((seen.now - since).total_seconds()) if since else 0
    return Figure(label, age(since, seen.now), href or listed(model), pace(waits))


def waiting(seen: Seen) -> dict[str, Any]:
    """Return the tenants whose reports or reviews have waited longest for somebody: one probe for each."""
    reports = VisitReport.objects.filter(tenant=OuterRef("pk"), status=VisitReport.Status.SUBMITTED)
    reviews = MappingReview.objects.filter(tenant=OuterRef("pk"), status=MappingReview.Status.OPEN)
    rows = Tenant.objects.annotate(
        report_at=Subquery(reports.order_by("id").values("created_at")[:1]),
        review_at=Subquery(reviews.order_by("id").values("created_at")[:1]),
    )
    return {
        "reports": _first(rows, "report_at", seen),
        "reviews": _first(rows, "review_at", seen),
    }


def _first(rows: Any, column: str, seen: Seen) -> list[tuple[Tenant, str]]:
    known = rows.filter(**{f"{column}__isnull": False}).order_by(column)[:ROWS]
    return [(tenant, age(getattr(tenant, column), seen.now)) for tenant in known]
