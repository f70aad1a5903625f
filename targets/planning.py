"""The planning of a target, as the API and events tell it."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ordinavo.kernel.instants import instant
from ordinavo.kernel.json_text import number_of, object_form, text_of, truth_of
from targets.models import Target


def planning_of(target: Target) -> dict[str, Any]:
    """Return when, how long and how urgent; null for what nobody said."""
    return {
        "priority": target.priority,
        "estimatedWorkMinutes": target.estimated_work_minutes,
        "dueDate": None if target.due_date is None else target.due_date.isoformat(),
        "dueAtUtc": instant(target.due_at),
        "preferredTimeWindowStart": instant(target.time_window_start),
        "preferredTimeWindowEnd": instant(target.time_window_end),
        "routeDate": None if target.route_date is None else target.route_date.isoformat(),
        "fixedTime": target.fixed_time,
    }


_PLANNING = object_form(
    "priority",
    "estimatedWorkMinutes",
    "dueDate",
    "dueAtUtc",
    "preferredTimeWindowStart",
    "preferredTimeWindowEnd",
    "routeDate",
    "fixedTime",
)


def planning_text(target: Target) -> str:
    """Return the same as JSON text, for events by the thousand."""
    return _PLANNING % (
        text_of(target.priority),
        number_of(target.estimated_work_minutes),
        text_of(None if target.due_date is None else target.due_date.isoformat()),
        _moment(target.due_at),
        _moment(target.time_window_start),
        _moment(target.time_window_end),
        text_of(None if target.route_date is None else target.route_date.isoformat()),
        truth_of(target.fixed_time),
    )


def _moment(value: datetime | None) -> str:
    # Equal moments of other zones would be told in other words.
    return _utc_moment(value) if value is not None and value.tzinfo is UTC else text_of(instant(value))


# Windows begin and end at few moments, the same ones for many targets.
@lru_cache(maxsize=1024)
def _utc_moment(value: datetime) -> str:
    return text_of(instant(value))
