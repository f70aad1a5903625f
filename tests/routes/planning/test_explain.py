"""Reasons are proved against every person, hints are proved by making the change."""

from dataclasses import replace

from hypothesis import given, settings

from targets.routes.planning.changes import Change, changed_person, changed_stop, holds
from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.explain import Explanation, explain
from targets.routes.planning.problem import Break, Person, Problem, Stop, Window
from targets.routes.planning.solution import Plan
from targets.routes.planning.solve import solve
from tests.bench.routes.days import OVER, Day, make
from tests.routes.planning.days import line, problems

ANNA = Person(1, 0, 0, Window(0, 6000))
TOWN = line(0, 600, 1200, 40_000)


def explained(*stops: Stop, people: tuple[Person, ...] = (ANNA,)) -> Explanation:
    """Of the first stop, where the others go first."""
    problem = Problem(stops, people, TOWN)
    plan = solve(replace(problem, stops=stops[1:]), iterations=20)
    assert plan.left_out == ()
    return explain(problem, replace(plan, left_out=(stops[0].id,)))[0]


def _is_proved(problem: Problem, plan: Plan, told: Explanation) -> bool:
    """By the evaluation alone: alone for each person, then at every place of every route."""
    stop = problem.stop_by_id[told.stop_id]
    alone = {person.id: is_feasible(problem, person, [stop.id]) for person in problem.people}
    if [each == "capacity_full" for _, each in told.reasons] != list(alone.values()):
        return False
    routes = {route.person_id: list(route.stop_ids) for route in plan.routes}
    fits = any(
        is_feasible(problem, person, [*order[:place], stop.id, *order[place:]])
        for person in problem.people
        for order in [routes.get(person.id, [])]
        for place in range(len(order) + 1)
    )
    if not any(alone.values()):
        return told.code not in {"capacity_full", "not_planned"}
    return told.code == ("not_planned" if fits else "capacity_full")


@settings(max_examples=60, deadline=None)
@given(problems(most_stops=8))
def test_every_reason_and_every_hint_is_proved(problem: Problem) -> None:
    plan = solve(problem, iterations=10)
    told = explain(problem, plan)
    assert [each.stop_id for each in told] == list(plan.left_out)
    for each in told:
        assert _is_proved(problem, plan, each)
        for change in (each.counterfactual, each.near_miss):
            assert change is None or holds(problem, plan, each.stop_id, change)


def test_on_a_busy_day_everything_is_proved_and_somebody_is_named() -> None:
    problem = make(Day(60, OVER, 5))
    plan = solve(problem, iterations=100)
    told = explain(problem, plan)
    assert len(told) > 5
    for each in told:
        assert _is_proved(problem, plan, each)
        assert each.counterfactual is not None
        assert holds(problem, plan, each.stop_id, each.counterfactual)
        assert bool(each.displaced) == (each.code == "capacity_full")


def test_leaving_out_any_displaced_stop_makes_room() -> None:
    problem = make(Day(60, OVER, 5))
    plan = solve(problem, iterations=100)
    for told in explain(problem, plan):
        if told.counterfactual is None or len(told.counterfactual.without) != 1:
            continue
        for displaced in told.displaced:
            person = problem.person_by_id[plan.route_of[displaced].person_id]
            order = [each for each in plan.route_of[displaced].stop_ids if each != displaced]
            assert any(
                is_feasible(problem, person, [*order[:place], told.stop_id, *order[place:]])
                for place in range(len(order) + 1)
            )


def test_a_window_that_nobody_can_reach() -> None:
    told = explained(Stop(7, 2, 300, (Window(0, 1400),)))
    assert told.code == "time_window_unreachable"
    assert told.counterfactual == Change("window_ends_later", 1, 0, seconds=300)
    assert told.near_miss == told.counterfactual


def test_a_window_before_the_shift() -> None:
    told = explained(Stop(7, 1, 300, (Window(0, 900),)), people=(replace(ANNA, shift=Window(1800, 9000)),))
    assert told.code == "time_window_outside_shift"
    assert told.counterfactual == Change("window_ends_later", 1, 0, seconds=1800)


def test_a_window_shorter_than_the_work() -> None:
    told = explained(Stop(7, 1, 1200, (Window(2000, 3000),)))
    assert told.code == "time_window_too_short"
    assert told.counterfactual == Change("window_ends_later", 1, 0, seconds=300)


def test_a_way_that_takes_longer_than_the_day() -> None:
    told = explained(Stop(7, 3, 300))
    assert (told.code, told.near_miss, told.counterfactual) == ("too_far", None, None)


def test_work_longer_than_the_shift() -> None:
    told = explained(Stop(7, 0, 6300))
    assert told.code == "work_longer_than_shift"
    assert told.counterfactual == Change("shift_ends_later", 1, 0, seconds=300)


def test_work_that_fits_no_half_of_a_day_with_a_break() -> None:
    person = replace(ANNA, break_=Break(600, Window(2500, 3500)))
    assert explained(Stop(7, 0, 3000), people=(person,)).code == "work_longer_than_shift"


def test_a_skill_that_nobody_has() -> None:
    told = explained(Stop(7, 1, 300, skills=frozenset({"gas"})))
    assert told.code == "missing_skill"
    assert told.counterfactual == Change("skill_added", 1, 0, skills=("gas",))


def test_the_reason_nearest_to_being_possible_is_told_and_all_are_kept() -> None:
    stop = Stop(7, 2, 300, (Window(0, 1400),), skills=frozenset({"gas"}))
    people = (ANNA, replace(ANNA, id=2, skills=frozenset({"gas"})))
    told = explained(stop, people=people)
    assert told.code == "time_window_unreachable"
    assert told.reasons == ((1, "missing_skill"), (2, "time_window_unreachable"))


def test_a_full_day_names_who_stands_in_the_way() -> None:
    told = explained(Stop(7, 1, 3000), Stop(8, 1, 3000), Stop(9, 1, 600))
    assert told.code == "capacity_full"
    assert told.displaced == (8,)
    assert told.counterfactual == Change("stops_left_out", 1, 0, without=(8,))
    assert told.near_miss == Change("shift_ends_later", 1, 0, seconds=1800)


def test_stops_that_must_stay_are_not_offered() -> None:
    told = explained(Stop(7, 1, 3000), Stop(8, 1, 3000, required=True))
    assert told.displaced == ()
    assert told.counterfactual == Change("shift_ends_later", 1, 0, seconds=1200)


def test_where_no_single_stop_makes_room_the_fewest_together_do() -> None:
    told = explained(Stop(7, 1, 4500), Stop(8, 1, 1500), Stop(9, 1, 1500), Stop(10, 1, 1500))
    assert len(told.displaced) == 3
    assert told.counterfactual is not None
    assert set(told.counterfactual.without) == set(told.displaced)


def test_a_limit_of_stops_can_be_the_reason() -> None:
    told = explained(Stop(7, 1, 60), Stop(8, 1, 60, required=True), people=(replace(ANNA, max_stops=1),))
    assert told.code == "capacity_full"
    assert told.counterfactual == Change("one_stop_more", 1, 0)


def test_a_limit_of_driving_can_be_the_reason() -> None:
    told = explained(Stop(7, 2, 60), Stop(8, 1, 60, required=True), people=(replace(ANNA, max_driving=2399),))
    assert told.code == "too_far"
    told = explained(Stop(7, 2, 60), Stop(8, 1, 60, required=True), people=(replace(ANNA, max_driving=2400),))
    assert told.code == "not_planned"


def test_without_people_nobody_is_available() -> None:
    problem = Problem((Stop(7, 1, 60),), (), TOWN)
    told = explain(problem, solve(problem, iterations=1))
    assert told == [Explanation(7, "no_employee_available", (), None, None, ())]


def test_a_change_that_does_not_help_does_not_hold() -> None:
    problem = Problem((Stop(7, 2, 300, (Window(0, 1400),)),), (ANNA,), TOWN)
    plan = Plan((), (7,), 0, 1)
    assert not holds(problem, plan, 7, Change("window_ends_later", 1, 0, seconds=99))
    assert holds(problem, plan, 7, Change("window_ends_later", 1, 0, seconds=100))


def test_a_change_touches_nothing_else() -> None:
    stop = Stop(7, 2, 300, (Window(0, 1400),))
    problem = Problem((stop,), (ANNA,), TOWN)
    assert changed_stop(stop, Change("skill_added", 1, 0, skills=("gas",))) == stop
    assert changed_person(problem, ANNA, Change("window_ends_later", 1, 0, seconds=60)) == ANNA
    fixed = changed_stop(replace(stop, pinned_at=100), Change("window_ends_later", 1, 0, seconds=60))
    assert (fixed.pinned_at, fixed.windows) == (None, (Window(100, 460),))
