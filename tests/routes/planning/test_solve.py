"""Plans are sound, complete, fair to priorities, and the same each time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from targets.routes.planning.draft import draft_of
from targets.routes.planning.problem import Break, Options, Person, Problem, Stop, Window
from targets.routes.planning.solve import solve
from tests.bench.routes.days import OVER, Day, make
from tests.routes.planning.days import line, problems
from tests.routes.planning.rules import faults, waiting


@settings(max_examples=30, deadline=None)
@given(problems(most_stops=8, least_people=0))
def test_any_plan_is_sound_and_no_higher_rank_waits_for_a_lower_one(problem: Problem) -> None:
    plan = solve(problem, iterations=20)
    assert faults(problem, plan) == []
    assert waiting(problem, plan) == []


def test_a_busy_day_is_sound_and_no_higher_priority_waits() -> None:
    problem = make(Day(60, OVER, 5))
    plan = solve(problem, iterations=200)
    assert faults(problem, plan) == []
    assert plan.left_out
    assert waiting(problem, plan) == []


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = make(Day(40, OVER, 6))
    assert solve(problem, iterations=100, seed=3) == solve(problem, iterations=100, seed=3)


def test_a_plan_found_by_time_is_found_again_by_its_iterations() -> None:
    problem = make(Day(40, OVER, 6))
    by_time = solve(problem, seconds=0.3, seed=3)
    assert by_time.iterations > 0
    assert solve(problem, iterations=by_time.iterations, seed=3) == by_time


def test_one_budget_is_needed() -> None:
    with pytest.raises(ValueError, match="seconds or iterations"):
        solve(make(Day(4, OVER, 1)))


def test_progress_is_told_and_can_stop_the_search() -> None:
    told: list[int] = []

    def first_time(percent: int) -> bool:
        told.append(percent)
        return False

    problem = make(Day(40, OVER, 6))
    plan = solve(problem, seconds=60, progress=first_time)
    assert len(told) == 1
    assert faults(problem, plan) == []


def test_without_people_or_stops_there_is_nothing_to_search() -> None:
    problem = make(Day(5, OVER, 1))
    nobody = solve(replace(problem, people=()), iterations=5)
    assert (nobody.routes, nobody.left_out, nobody.iterations) == ((), (0, 1, 2, 3, 4), 0)
    nothing = solve(replace(problem, stops=()), iterations=5)
    assert (nothing.routes, nothing.left_out) == ((), ())


def test_the_search_starts_from_a_warm_plan_and_forgets_what_is_gone() -> None:
    problem = make(Day(40, OVER, 6))
    warm = solve(problem, iterations=200)
    without = replace(problem, stops=problem.stops[1:])
    again = solve(without, iterations=1, warm=warm)
    assert faults(without, again) == []
    # Not less than what was warm, without the stop that is gone.
    old = sum(stop.prize for stop in without.stops if stop.id in warm.route_of)
    assert sum(stop.prize for stop in without.stops if stop.id in again.route_of) >= old


def test_a_pinned_stop_stays_with_its_person_at_its_time() -> None:
    people = (Person(1, 0, 0, Window(0, 100)), Person(2, 1, 1, Window(0, 100)))
    stops = (Stop(7, 1, 10, pinned_person=1, pinned_at=55, required=True), Stop(8, 1, 10))
    plan = solve(Problem(stops, people, line(0, 20)), iterations=50)
    assert plan.route_of[7].person_id == 1
    assert {visit.stop_id: visit.starts_at for visit in plan.route_of[7].visits}[7] == 55
    assert plan.left_out == ()


def test_a_required_stop_is_not_given_up_for_prizes() -> None:
    person = Person(1, 0, 0, Window(0, 30))
    stops = (Stop(7, 1, 20, required=True, priority=0), Stop(8, 1, 20, priority=3, prize=81))
    plan = solve(Problem(stops, (person,), line(0, 5)), iterations=50)
    assert (list(plan.route_of), plan.left_out) == ([7], (8,))


def test_one_of_several_windows_is_used() -> None:
    person = Person(1, 0, 0, Window(0, 100), Break(10, Window(40, 60)))
    stops = (Stop(7, 1, 10, (Window(5, 16), Window(70, 90))), Stop(8, 1, 10, (Window(5, 16),)))
    plan = solve(Problem(stops, (person,), line(0, 5)), iterations=50)
    assert plan.left_out == ()
    assert plan.routes[0].stop_ids == (8, 7)


def test_balance_shares_the_work_and_costs_no_stop() -> None:
    people = tuple(Person(each, 0, 0, Window(0, 1000)) for each in (1, 2))
    stops = tuple(Stop(each, 1 + each % 2, 60) for each in range(8))
    problem = Problem(stops, people, line(0, 20, 30))
    uneven = solve(problem, iterations=200)
    even = solve(replace(problem, options=Options(balance=True)), iterations=200)
    assert (len(uneven.routes), uneven.left_out) == (1, ())
    assert even.left_out == ()
    assert sorted(len(route.visits) for route in even.routes) == [4, 4]


def test_a_thousand_pins_do_not_confuse_the_draft() -> None:
    problem = make(Day(30, OVER, 2))
    plan = solve(problem, iterations=50)
    pinned = replace(
        problem,
        stops=tuple(
            replace(stop, pinned_person=plan.route_of[stop.id].person_id, required=True)
            if stop.id in plan.route_of
            else stop
            for stop in problem.stops
        ),
    )
    again = solve(pinned, iterations=50)
    assert faults(pinned, again) == []
    assert set(plan.route_of) <= set(again.route_of)
    assert draft_of(pinned, again).worth[0] == len(plan.route_of)


def test_rounds_are_the_same_again_and_end_with_the_iterations() -> None:
    problem = make(Day(12, OVER, 6))
    plan = solve(problem, iterations=3100, seed=3)
    assert plan.iterations == 3100
    assert faults(problem, plan) == []
    assert solve(problem, iterations=3100, seed=3) == plan


def test_a_day_on_which_nothing_can_be_served_ends_at_once() -> None:
    person = Person(1, 0, 0, Window(100, 200), Break(10, Window(120, 150)))
    plan = solve(Problem((Stop(7, 0, 5, (Window(0, 50),)),), (person,), line(0)), seconds=30)
    assert (plan.left_out, plan.iterations) == ((7,), 0)
