"""Clocks, screening, prices, travel, words: one rule each."""

import math
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.routes.planning import words
from targets.routes.planning.changes import Change, Kind
from targets.routes.planning.clock import Clocks, Cut
from targets.routes.planning.explain import Explanation
from targets.routes.planning.prices import price, seconds_for
from targets.routes.planning.problem import Break, Matrix, Person, Place, Problem, Stop, Window
from targets.routes.planning.screen import Asked, screen
from targets.routes.planning.travel.great_circle import SpeedProfile, great_circle
from targets.routes.planning.why import Reason, Why
from tests.routes.planning.days import line

HERE = Place(51.05, 13.74)
DAY = Window(0, 86_400)


@given(st.integers(0, 100), st.integers(0, 30), st.integers(0, 200), st.integers(0, 50))
def test_a_shorter_clock_never_runs_backwards(at: int, length: int, second: int, later: int) -> None:
    cut = Cut(at, length)
    assert 0 <= cut(second + later) - cut(second) <= later


def test_breaks_that_can_share_a_time_do() -> None:
    early = Person(1, 0, 0, Window(0, 100), Break(10, Window(30, 60)))
    late = Person(2, 0, 0, Window(0, 100), Break(20, Window(40, 80)))
    other = Person(3, 0, 0, Window(0, 100), Break(10, Window(80, 95)))
    without = Person(4, 0, 0, Window(0, 35), Break(10, Window(30, 60)))
    clocks = Clocks(Problem((), (early, late, other, without), line(0)))
    assert [clocks.cut_of[each] for each in (1, 2, 3)] == [Cut(45, 10), Cut(45, 20), Cut(82, 10)]
    assert clocks.cut_of[4].length == 0


def test_a_span_is_right_on_the_clocks_of_those_who_could_use_it() -> None:
    morning = Person(1, 0, 0, Window(0, 50))
    whole = Person(2, 0, 0, Window(0, 100), Break(10, Window(40, 60)))
    clocks = Clocks(Problem((), (morning, whole), line(0)))
    assert clocks.shared(Stop(7, 0, 5), Window(60, 90)) == Window(50, 80)
    assert clocks.shared(Stop(7, 0, 5), Window(10, 90)) == Window(10, 80)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(1, True, HERE), None),
        (Asked(1, False, HERE), "not_open"),
        (Asked(1, True, None), "missing_coordinates"),
        (Asked(1, True, Place(0, 0)), "missing_coordinates"),
        (Asked(1, True, Place(math.nan, 13)), "missing_coordinates"),
        (Asked(1, True, Place(91, 13)), "missing_coordinates"),
        (Asked(1, True, HERE, day_offset=1), "wrong_date"),
        (Asked(1, True, HERE, day_offset=0), None),
        (Asked(1, True, HERE, windows=(Window(90_000, 95_000),)), "wrong_date"),
        (Asked(1, True, HERE, windows=(Window(90_000, 95_000), Window(80_000, 85_000))), None),
    ],
)
def test_a_target_is_screened_before_any_route(asked: Asked, code: str | None) -> None:
    assert screen(asked, day=DAY, people=1) == code


def test_without_people_nobody_is_available() -> None:
    assert screen(Asked(1, True, HERE), day=DAY, people=0) == "no_employee_available"


def test_no_due_date_makes_a_priority_as_dear_as_the_next() -> None:
    prices = [
        [price(priority=level, days_left=days) for days in (None, 30, 3, 1, 0, -9)] for level in range(4)
    ]
    assert prices[1] == [6, 6, 8, 8, 9, 9]
    assert all(max(lower) < min(higher) for lower, higher in pairwise(prices))
    assert max(prices[-1]) <= 99


def test_the_time_to_search_grows_mildly_and_has_an_end() -> None:
    assert [seconds_for(each) for each in (0, 150, 320, 1000, 5000)] == [5, 5, 10, 30, 30]


def test_a_great_circle_is_as_long_as_the_globe_says() -> None:
    matrix = great_circle(
        (Place(52.52, 13.405), Place(48.137, 11.575), Place(52.52, 13.405)), SpeedProfile(1.0, ((0, 100),), 0)
    )
    assert abs(matrix.meters[0, 1] - 504_000) < 1_000
    assert matrix.seconds[0, 1] == pytest.approx(matrix.meters[0, 1] * 0.036, abs=1)
    assert (matrix.seconds[0, 2], matrix.meters[0, 2]) == (0, 0)


def test_speed_grows_with_the_distance_and_each_way_costs_the_parking() -> None:
    profile = SpeedProfile(2.0, ((1_000, 36), (0, 72)), 30)
    matrix = great_circle((Place(0, 0), Place(0, 0.0089932)), profile)
    # 1,000 m as the crow flies are 2,000 m of road: 100 s for the first kilometer, 50 s for the second.
    assert (matrix.meters[0, 1], matrix.seconds[0, 1]) == (2_000, 180)


def test_travel_that_does_not_exist_is_unreachable_however_far() -> None:
    assert Matrix([[0, 10**12], [1, 0]], [[0, 1], [1, 0]]).rows == [[0, 10_000_000], [1, 0]]


NAMES = words.Names(lambda person: f"employee {person}", lambda stop: f"JOB-{stop}" if stop < 100 else None)


def test_an_exclusion_is_said_in_words() -> None:
    told = Explanation(
        stop_id=1,
        code="capacity_full",
        reasons=((1, "capacity_full"), (2, "capacity_full"), (3, "missing_skill")),
        near_miss=Change("window_ends_later", 2, 0, seconds=1500),
        counterfactual=Change("stops_left_out", 2, 0, without=(7, 108)),
        displaced=(7, 108),
        skills=("gas",),
    )
    assert words.message(told, NAMES) == (
        'The day of 2 of 3 employees is full; 1 of 3 employees lacks the skill "gas". '
        "In its place: JOB-7 and 1 other stop."
    )
    assert words.hint(told, NAMES) == "Fits the route of employee 2 when JOB-7 and 1 other stop are left out."
    assert words.near_miss(told, NAMES) == (
        "Fits the route of employee 2 if the time window ended 25 minutes later."
    )


def test_every_kind_of_change_has_a_sentence() -> None:
    kinds: tuple[Kind, ...] = get_args(Kind)
    said = {words.change(Change(kind, 3, 0, 60, ("gas",), (200,)), NAMES) for kind in kinds}
    assert len(said) == len(kinds)
    assert 'Fits the route of employee 3 if they had the skill "gas".' in said
    assert "Fits the route of employee 3 when 1 stop is left out." in said


def test_where_no_single_change_helps_the_hint_says_what_is_needed() -> None:
    told = Explanation(1, "too_far", ((1, "too_far"),), None, None, ())
    assert words.hint(told, NAMES) == "Somebody who starts nearer, or a longer working day, is needed."
    assert words.near_miss(told, NAMES) == ""
    assert words.message(told, NAMES) == (
        "The way there and back with the work takes longer than the working day of the only employee."
    )


def test_skills_that_are_lacking_are_named() -> None:
    told = Explanation(1, "missing_skill", ((1, "missing_skill"),), None, None, (), skills=("gas", "ladder"))
    assert words.message(told, NAMES) == 'The only employee lacks one of the skills "gas" and "ladder".'
    assert words.hint(told, NAMES) == 'Somebody with the skills "gas" and "ladder" is needed.'


def test_reasons_of_a_stop_are_said_in_words() -> None:
    said = words.reasons(Why(7, Reason("best_for_all", 2, 90), Reason("window_opens"), 600), NAMES)
    assert said == [
        (
            "best_for_all",
            "Employee 2 would drive 2 minutes less for it, but the whole plan is better this way.",
        ),
        ("window_opens", "The time window opens then."),
        ("added", "It adds 10 minutes of driving."),
    ]
