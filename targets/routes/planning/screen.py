"""What can be said of a target before any route is tried."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from targets.routes.planning.problem import Place, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A target somebody wants planned. `day_offset` is its own route date minus the day planned, in days.

    None in `day_offset`: it may go on any day. `windows` are on the problem's clock, () for none.
    """

    id: int
    is_open: bool
    place: Place | None
    day_offset: int | None = None
    windows: tuple[Window, ...] = ()


def screen(asked: Asked, *, day: Window, people: int) -> str | None:
    """The code for which the target cannot be planned at all, or None; `day` is the whole day planned."""
    if not asked.is_open:
        return "not_open"
    if asked.place is None or not is_sane(asked.place):
        return "missing_coordinates"
    if asked.day_offset or _misses(asked.windows, day):
        return "wrong_date"
    return None if people else "no_employee_available"


def is_sane(place: Place) -> bool:
    """Whether coordinates can be somebody's: finite, on the globe, not 0, 0, which means "unknown"."""
    if not (math.isfinite(place.latitude) and math.isfinite(place.longitude)):
        return False
    if abs(place.latitude) > 90 or abs(place.longitude) > 180:
        return False
    return (place.latitude, place.longitude) != (0, 0)


def _misses(windows: Iterable[Window], day: Window) -> bool:
    """Whether there are windows and none of them touches the day."""
    spans = list(windows)
    return bool(spans) and not any(each.start < day.end and each.end > day.start for each in spans)
