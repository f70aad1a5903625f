"""What it costs to leave a stop out, and how long to search."""

_BY_PRIORITY = (2, 6, 18, 54)
_DUE, _SOON = 1.5, 1.25
_SOON_DAYS = 3


def price(*, priority: int, days_left: int | None) -> int:
    """The prize of a stop, 2 to 81.

    Three of one priority weigh as much as one of the next. `days_left` until the due date (negative: overdue)
    makes it up to half as dear again, never as dear as the next priority.
    """
    base = _BY_PRIORITY[priority]
    if days_left is None or days_left > _SOON_DAYS:
        return base
    return round(base * (_DUE if days_left <= 0 else _SOON))


_QUICK_SECONDS, _QUICK_STOPS, _STOPS_PER_SECOND, _MOST_SECONDS = 5.0, 150, 34, 30.0


def seconds_for(stops: int) -> float:
    """The time to search for so many stops: 5 s up to 150, 30 s for 1,000."""
    more = max(0, stops - _QUICK_STOPS) / _STOPS_PER_SECOND
    return min(_MOST_SECONDS, _QUICK_SECONDS + more)
