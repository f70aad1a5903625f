"""What the start page shows of routes: few rows, for one tenant or (None) for all."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from ordinavo.tenants.models import Tenant
from targets.routes.models import Route, RouteSuggestion
from targets.routes.selectors.suggestions import with_rest
from targets.visits.models import Appointment

_ENDED = (Appointment.Status.COMPLETED, Appointment.Status.PROBLEM_REPORTED)


def routes_published_for(tenant: Tenant | None, day: date, *, limit: int) -> list[Route]:
    """Return the day's published routes by employee, with `visits` and how many of these have `ended`."""
    suggestions = _of(tenant).filter(route_date=day, status=RouteSuggestion.Status.PUBLISHED)
    rows = Route.objects.filter(suggestion__in=suggestions, status=Route.Status.PUBLISHED)
    counted = rows.annotate(
        visits=Count("stops"), ended=Count("stops", filter=Q(stops__appointment__status__in=_ENDED))
    )
    return list(counted.select_related("employee").order_by("employee__name", "id")[:limit])


def suggestions_waiting(
    tenant: Tenant | None, day: date, *, limit: int
) -> list[tuple[RouteSuggestion, bool]]:
    """Return the suggestions from that day on that are planned, or have routes to publish.

    With each whether others of its routes are published.
    """
    waiting = Q(status__in=(RouteSuggestion.Status.PENDING, RouteSuggestion.Status.DRAFT)) | Q(in_part=True)
    rows = with_rest(_of(tenant).filter(route_date__gte=day)).filter(waiting)
    found: Any = rows.select_related("created_by", "client").order_by("route_date", "-id")[:limit]
    return [(one, one.in_part) for one in found]


def oldest_unplanned(tenant: Tenant | None) -> RouteSuggestion | None:
    """Return the suggestion that waits for a planner the longest."""
    rows = _of(tenant).filter(status__word=RouteSuggestion.Status.PENDING)
    return rows.order_by("created_at").first()


def _of(tenant: Tenant | None) -> QuerySet[RouteSuggestion]:
    rows = RouteSuggestion.objects.all()
    return rows.filter(tenant=tenant) if tenant else rows
