"""The planning of a target, as the API and events tell it."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ordinavo.kernel.instants import instant
from targets.models import Target


def planning_of(target: Target) -> dict[str, Any]:
    """Return when, how long and how urgent; null for what nobody said."""
    return {
        "priority": target.priority,
        "estimatedWorkMinutes": target.estimated_work_minutes,
        "dueDate": None if target.due_date is None else target.due_date.isoformat(),
        "dueAtUtc": _moment(target.due_at),
        "preferredTimeWindowStart": _moment(target.time_window_start),
        "preferredTimeWindowEnd": _moment(target.time_window_end),
        "routeDate": None if target.route_date is None else target.route_date.isoformat(),
        "fixedTime": target.fixed_time,
    }


# Windows begin and end at few moments, the same ones for many targets.
@lru_cache(maxsize=1024)
def _moment(value: datetime | None) -> str | None:
    return None if value is None else instant(value.astimezone(UTC))
