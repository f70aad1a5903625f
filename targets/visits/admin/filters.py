"""Filters of the list of appointments."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.kernel.admin.scope import tenant_of
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import changed
from targets.visits.selectors.board import LATE_AFTER

DAY = "day"


class DayFilter(ChoiceFilter):
    """Today, days around it, or any day that a link or the field above the list names."""

    title = "day"
    parameter_name = DAY
    unchosen = "All days"
    options = (
        ("today", "Today"),
        ("tomorrow", "Tomorrow"),
        ("yesterday", "Yesterday"),
        ("next7", "Next 7 days"),
        ("past7", "Past 7 days"),
    )

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        """Offer the named day too."""
        named = request.GET.get(DAY, "")
        return (*self.options, (named, named)) if _date(named) else self.options

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to one day or a week."""
        value = self.value() or ""
        one = day_of(value, request)
        if one is not None:
            return queryset.filter(day=one)
        today = timezone.localdate()
        if value == "next7":
            return queryset.filter(day__gte=today, day__lt=today + timedelta(days=7))
        return (
            queryset.filter(day__gt=today - timedelta(days=7), day__lte=today)
            if value == "past7"
            else queryset
        )


class ChangedFilter(ChoiceFilter):
    """Open ones whose target is no longer what was planned."""

    title = "target since"
    parameter_name = "changed"
    options = (("yes", "Changed"),)

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep those whose target has a later revision."""
        return changed(rows) if value else rows


class LateFilter(ChoiceFilter):
    """Those that should have begun, or ended."""

    title = "late"
    parameter_name = "late"
    options: ClassVar[tuple[tuple[str, str], ...]] = (("yes", "Late or overdue"),)

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep open ones whose time is over."""
        late, status = timezone.now() - LATE_AFTER, Appointment.Status
        begun = Q(status=status.STARTED, planned_end__lt=late)
        waiting = Q(status=status.SCHEDULED, planned_start__lt=late)
        # The list of open statuses is that of an index.
        return rows.filter(begun | waiting, status__in=Appointment.OPEN) if value else rows


def day_of(value: str, request: HttpRequest) -> date | None:
    """Return the one day that is meant, in the tenant's zone."""
    # Whoever asks for the tenant gets its time zone.
    bool(tenant_of(request))
    today = timezone.localdate()
    named = {"today": today, "tomorrow": today + timedelta(days=1), "yesterday": today - timedelta(days=1)}
    return named.get(value) or _date(value)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_around(request: HttpRequest) -> dict[str, Any]:
    """Return the one day that a list shows, links to those beside it, and the rest of the query."""
    query = request.GET.copy()
    for name in (DAY, "p"):
        query.pop(name, None)
    others = [(name, value) for name, values in query.lists() for value in values]
    day = day_of(request.GET.get(DAY, ""), request)
    if day is None:
        return {"others": others, "day": None}
    return {"others": others, "day": day, "before": _beside(query, day, -1), "after": _beside(query, day, 1)}


def _beside(query: QueryDict, day: date, step: int) -> str:
    try:
        other = day + timedelta(days=step)
    except OverflowError:
        return ""
    with_day = query.copy()
    with_day[DAY] = other.isoformat()
    return f"?{with_day.urlencode()}"
