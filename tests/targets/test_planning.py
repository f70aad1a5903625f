"""The planning that events tell is the API's, byte by byte."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ordinavo.kernel.json_text import json_text
from targets.models import Target
from targets.planning import planning_of, planning_text

_AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
_ELSEWHERE = _AT.astimezone(timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    "target",
    [
        Target(),
        Target(priority="High", estimated_work_minutes=45, due_date=date(2026, 7, 1), fixed_time=True),
        Target(due_at=_AT.replace(microsecond=5), time_window_start=_AT, route_date=date(2026, 7, 2)),
        Target(time_window_start=_ELSEWHERE, time_window_end=_AT + timedelta(hours=6)),
        Target(time_window_start=_AT),
    ],
)
def test_the_planning_of_an_event_is_that_of_the_api(target: Target) -> None:
    assert planning_text(target) == json_text(planning_of(target))
