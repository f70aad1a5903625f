"""Visits that stand already take their time, whatever has changed since they were published."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.problem import Break, Options, Person, Problem, Stop, Window
from targets.routes.planning.room import end_of, with_room
from targets.routes.planning.solve import solve
from tests.routes.planning.days import line, problems

ANNA = Person(id=1, start_index=0, end_index=0, shift=Window(100, 500))


@st.composite
def with_standing(draw: st.DrawFn) -> Problem:
    """A small day on which some people have visits already, anywhere and at any time."""
    problem = draw(problems())
    standing = [
        Stop(
            id=-number,
            place_index=draw(st.integers(0, len(problem.matrix) - 1)),
            service=draw(st.integers(1, 60)),
            pinned_person=draw(st.sampled_from([person.id for person in problem.people])),
            pinned_at=draw(st.integers(0, 300)),
            required=True,
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
        if problem.people
    ]
    return replace(problem, stops=(*problem.stops, *standing))


@given(with_standing())
def test_whatever_stands_can_be_kept(problem: Problem) -> None:
    roomy = with_room(problem)
    for person in roomy.people:
        own = [stop for stop in roomy.stops if stop.id < 0 and stop.pinned_person == person.id]
        assert is_feasible(roomy, person, [stop.id for stop in sorted(own, key=lambda stop: stop.begin)])


@given(with_standing())
def test_nothing_is_planned_at_the_time_of_what_stands(problem: Problem) -> None:
    plan = solve(with_room(problem), iterations=20)
    assert not [pk for pk in plan.left_out if pk < 0]
    for route in plan.routes:
        standing = [stop for stop in problem.stops if stop.id < 0 and stop.pinned_person == route.person_id]
        for visit in (one for one in route.visits if one.stop_id > 0):
            for stop in standing:
                assert visit.departs_at <= stop.begin or visit.starts_at >= end_of(stop)


def standing(number: int, begin: int, service: int, place: int = 0) -> Stop:
    return Stop(-number, place, service, pinned_person=1, pinned_at=begin, required=True)


def roomy(*stops: Stop, person: Person = ANNA, options: Options | None = None) -> Problem:
    return with_room(Problem(stops, (person,), line(0, 50, 1000), options or Options()))


@pytest.mark.parametrize(
    ("stops", "shift", "ends"),
    [
        ([standing(1, 200, 50)], (100, 500), (0, 0)),
        # Begun before the hours, and ending within them: the day begins there, then.
        ([standing(1, 80, 50, place=1)], (130, 500), (1, 0)),
        ([standing(1, 20, 30, place=1)], (100, 500), (1, 0)),
        ([standing(1, 480, 50, place=1)], (100, 480), (0, 1)),
        ([standing(1, 80, 50), standing(2, 120, 80, place=1)], (200, 500), (1, 0)),
        # No time is left to drive there: the day begins, or ends, with the visit.
        ([standing(1, 120, 50, place=1)], (120, 500), (1, 0)),
        ([standing(1, 440, 50, place=1)], (100, 490), (0, 1)),
        ([standing(1, 200, 50, place=2)], (200, 250), (2, 2)),
    ],
)
def test_the_day_is_as_long_as_what_stands_leaves_it(
    stops: list[Stop], shift: tuple[int, int], ends: tuple[int, int]
) -> None:
    [person] = roomy(*stops).people
    assert (person.shift, (person.start_index, person.end_index)) == (Window(*shift), ends)


def test_who_has_no_time_left_is_not_planned() -> None:
    found = roomy(standing(1, 50, 500))
    assert (found.people, found.stops) == ((), ())


def test_where_the_way_between_two_visits_is_too_long_nothing_fits_between() -> None:
    [first, second] = roomy(standing(1, 200, 20), standing(2, 260, 10, place=2)).stops
    assert (first.service, first.place_index) == (60, 0)
    assert (second.service, second.place_index) == (10, 0)


def test_visits_that_overlap_last_until_the_later_end() -> None:
    [first, second] = roomy(standing(1, 200, 100), standing(2, 230, 10)).stops
    assert (first.begin, end_of(first)) == (200, 230)
    assert (second.begin, end_of(second)) == (230, 300)


def test_limits_and_breaks_yield_to_what_stands() -> None:
    pause = Break(30, Window(200, 260))
    person = replace(ANNA, break_=pause, max_stops=1, max_driving=20)
    stops = (standing(1, 190, 80, place=1), standing(2, 300, 10))
    [found] = roomy(*stops, person=person, options=Options(max_stops_per_route=1)).people
    assert (found.break_, found.max_stops, found.max_driving) == (None, 2, 100)


def test_who_has_nothing_yet_keeps_hours_break_and_limits() -> None:
    person = replace(ANNA, break_=Break(30, Window(200, 260)), max_driving=20)
    found = roomy(person=person, options=Options(max_stops_per_route=3))
    assert found.people == (replace(person, max_stops=3),)
    assert found.options == Options()
