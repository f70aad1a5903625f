"""What makes a report one that somebody should read, and how its minutes are counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from targets.visits.doubts import doubts_about, is_far, tolerance_of
from targets.visits.minutes import measured_minutes, planned_minutes, worked_minutes
from targets.visits.models import Appointment, VisitReport

BEGIN = datetime(2026, 7, 1, 8, tzinfo=UTC)


def visit(planned: int = 60, took: timedelta | None = None) -> Appointment:
    ended = None if took is None else BEGIN + took
    return Appointment(
        planned_start=BEGIN,
        planned_end=BEGIN + timedelta(minutes=planned),
        started_at=BEGIN if took is not None else None,
        ended_at=ended,
    )


def report(**fields: Any) -> VisitReport:
    usual = {"status": "Submitted", "result": "Successful", "used_minutes": 60, "appointment": visit()}
    return VisitReport(**{**usual, **fields})


def test_a_report_as_planned_is_clean() -> None:
    assert doubts_about(report()) == []


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"status": "Approved"}, "It is approved."),
        ({"status": "Draft", "result": ""}, "It is draft."),
        ({"result": "PartlySuccessful"}, "Partly successful."),
        ({"result": "CustomerAbsent"}, "Customer absent."),
        ({"problem": "no_access"}, "Problem: No access."),
        ({"problems": " The door. "}, "Problem: described in words."),
        ({"follow_up_required": True}, "A follow-up is asked for."),
        ({"used_minutes": None}, "Nobody knows how long it took."),
        ({"used_minutes": 76}, "It took 76 minutes, 60 were planned."),
        ({"used_minutes": 44}, "It took 44 minutes, 60 were planned."),
    ],
)
def test_whatever_else_is_to_be_read_and_says_why(fields: dict[str, Any], doubt: str) -> None:
    assert doubts_about(report(**fields))[0] == doubt


def test_several_doubts_are_all_named() -> None:
    assert len(doubts_about(report(result="NotSuccessful", problem="other", used_minutes=5))) == 3


def test_blank_problems_are_none_and_notes_of_the_house_do_not_count() -> None:
    assert doubts_about(report(problems=" \n", internal_notes="Careful", summary="")) == []


@pytest.mark.parametrize(("planned", "tolerance"), [(1, 10), (40, 10), (41, 10), (60, 15), (480, 120)])
def test_a_quarter_of_the_plan_is_tolerated_and_ten_minutes_anyhow(planned: int, tolerance: int) -> None:
    assert tolerance_of(planned) == tolerance
    assert [is_far(planned + more, planned) for more in (tolerance, tolerance + 1)] == [False, True]


@pytest.mark.parametrize(
    ("took", "minutes"),
    [
        (None, None),
        (timedelta(), None),
        (timedelta(minutes=-5), None),
        (timedelta(seconds=1), 1),
        (timedelta(minutes=41), 41),
        (timedelta(minutes=41, seconds=1), 42),
    ],
)
def test_begun_minutes_count_whole_and_clocks_that_run_back_not_at_all(
    took: timedelta | None, minutes: int | None
) -> None:
    assert measured_minutes(visit(took=took)) == minutes


def test_what_the_employee_wrote_counts_before_the_clock() -> None:
    measured = visit(took=timedelta(minutes=50))
    assert worked_minutes(report(appointment=measured)) == 60
    assert worked_minutes(report(appointment=measured, used_minutes=None)) == 50
    assert planned_minutes(measured) == 60
