"""The planning of a target as it is told outside."""

from datetime import UTC, datetime, timedelta, timezone

from targets.models import Target
from targets.planning import planning_of

_AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
_ELSEWHERE = _AT.astimezone(timezone(timedelta(hours=2)))


def test_equal_instants_of_other_zones_are_told_in_the_same_words() -> None:
    told = planning_of(
        Target(time_window_start=_ELSEWHERE, time_window_end=_AT, due_at=_AT.replace(microsecond=5))
    )
    assert told["preferredTimeWindowStart"] == told["preferredTimeWindowEnd"] == "2026-07-01T08:00:00Z"
    assert told["dueAtUtc"] == "2026-07-01T08:00:00.000005Z"
