"""The one truth about feasibility, against a verifier and brute force that share no code with it."""

from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from targets.routes.planning.evaluate import schedule
from targets.routes.planning.problem import Break, Person, Problem, Stop, Window
from targets.routes.planning.solution import PlannedRoute, Violation, Violations, Visit
from tests.routes.planning.days import line, problems
from tests.routes.planning.rules import route_faults

ANNA = Person(1, 0, 0, Window(0, 100))


def laid_out(
    person: Person, *stops: Stop, places: tuple[int, ...] = (0, 10, 20)
) -> PlannedRoute | Violations:
    problem = Problem(stops, (person,), line(*places))
    return schedule(problem, person, [stop.id for stop in stops])


def test_a_route_is_laid_out_to_the_second() -> None:
    route = laid_out(ANNA, Stop(7, 1, 5), Stop(8, 2, 5, (Window(40, 60),)))
    assert route == PlannedRoute(
        person_id=1,
        visits=(Visit(7, 10, 10, 15, 10, 100, 0), Visit(8, 25, 40, 45, 10, 100, 15)),
        starts_at=0,
        ends_at=65,
        break_at=None,
        distance=400,
        driving=40,
        waiting=15,
        work=10,
    )


def test_nobody_leaves_earlier_than_the_first_stop_asks_for() -> None:
    route = laid_out(ANNA, Stop(7, 1, 5, (Window(50, 60),)))
    assert isinstance(route, PlannedRoute)
    assert (route.starts_at, route.waiting, route.visits[0].arrives_at) == (40, 0, 50)


def test_work_must_end_within_its_window() -> None:
    late = laid_out(ANNA, Stop(7, 1, 5, (Window(0, 14),)))
    assert isinstance(late, Violations)
    assert late.broken == (Violation("time_window_missed", 7, 1),)
    assert isinstance(laid_out(ANNA, Stop(7, 1, 5, (Window(0, 15),))), PlannedRoute)


def test_the_second_window_serves_when_the_first_is_missed() -> None:
    route = laid_out(ANNA, Stop(7, 1, 5, (Window(0, 8), Window(30, 40))))
    assert isinstance(route, PlannedRoute)
    assert route.visits[0].starts_at == 30


def test_a_fixed_time_is_kept_to_the_second_and_windows_do_not_count() -> None:
    route = laid_out(ANNA, Stop(7, 1, 5, (Window(0, 20),), pinned_at=33))
    assert isinstance(route, PlannedRoute)
    assert route.visits[0].starts_at == 33


def test_a_break_interrupts_neither_driving_nor_work() -> None:
    person = Person(1, 0, 0, Window(0, 100), Break(10, Window(12, 40)))
    route = laid_out(person, Stop(7, 1, 30))
    assert isinstance(route, PlannedRoute)
    assert (route.visits[0].arrives_at, route.break_at, route.visits[0].starts_at) == (12, 12, 22)


def test_a_break_may_wait_until_after_coming_back() -> None:
    person = Person(1, 0, 0, Window(0, 100), Break(10, Window(20, 40)))
    route = laid_out(person, Stop(7, 1, 5))
    assert isinstance(route, PlannedRoute)
    assert (route.break_at, route.ends_at) == (None, 25)


def test_a_forgotten_break_is_told() -> None:
    person = Person(1, 0, 0, Window(0, 100), Break(10, Window(12, 30)))
    route = laid_out(person, Stop(7, 1, 30, pinned_at=10))
    assert isinstance(route, Violations)
    assert route.broken == (Violation("break_missing", None, 10),)


def test_each_broken_limit_is_told_at_its_place() -> None:
    person = Person(1, 0, 0, Window(0, 30), max_stops=1, max_driving=15, capacity=1)
    first = Stop(7, 1, 5, skills=frozenset({"gas"}), load=2)
    second = Stop(8, 1, 5, pinned_person=2)
    broken = laid_out(person, first, second)
    assert isinstance(broken, Violations)
    assert set(broken.broken) == {
        Violation("missing_skill", 7, 1),
        Violation("pinned_to_another", 8, 1),
        Violation("too_many_stops", None, 1),
        Violation("load_exceeded", None, 1),
        Violation("driving_exceeded", None, 5),
    }


def test_the_end_of_the_shift_is_told_in_seconds() -> None:
    broken = laid_out(Person(1, 0, 0, Window(0, 30)), Stop(7, 1, 25))
    assert isinstance(broken, Violations)
    assert broken.broken == (Violation("shift_exceeded", None, 15),)


def test_where_no_road_leads_nobody_can_go() -> None:
    problem = Problem((Stop(7, 1, 5),), (ANNA,), line(0, 20_000_000))
    broken = schedule(problem, ANNA, [7])
    assert isinstance(broken, Violations)
    assert broken.broken == (Violation("unreachable", 7, 1), Violation("unreachable", None, 1))
    assert broken.route.driving == 0


@settings(max_examples=300, deadline=None)
@given(problems().filter(lambda problem: problem.stops), st.data())
def test_what_is_called_feasible_keeps_every_rule(problem: Problem, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(problem.people))
    order = data.draw(st.permutations([stop.id for stop in problem.stops]))
    order = order[: data.draw(st.integers(1, 4))]
    route = schedule(problem, person, order)
    if isinstance(route, PlannedRoute):
        assert route_faults(problem, route) == []
    else:
        assert route.broken
        assert route.route.stop_ids == tuple(order)


@settings(max_examples=300, deadline=None)
@given(problems(most_stops=3, most_people=1))
def test_what_is_called_infeasible_breaks_a_rule_wherever_the_break_is_put(problem: Problem) -> None:
    person = problem.people[0]
    order = [stop.id for stop in problem.stops]
    is_feasible = isinstance(schedule(problem, person, order), PlannedRoute)
    assert is_feasible == _by_brute_force(problem, person)


def _by_brute_force(problem: Problem, person: Person) -> bool:
    """Try the break at every place, and each window for each stop."""
    stops = problem.stops
    most = problem.most_stops(person)
    path = [person.start_index, *(each.place_index for each in stops), person.end_index]
    legs = [int(problem.matrix.seconds[a, b]) for a, b in pairwise(path)] if stops else [0]
    if most is not None and len(stops) > most:
        return False
    if person.capacity is not None and sum(each.load for each in stops) > person.capacity:
        return False
    if person.max_driving is not None and sum(legs) > person.max_driving:
        return False
    if any(each.skills - person.skills or each.pinned_person not in {None, person.id} for each in stops):
        return False
    places = range(2 * len(stops) + 2) if person.break_ else [None]
    options = [_spans(stop) for stop in stops]
    return any(_walk(person, stops, legs, place, chosen) for place in places for chosen in product(*options))


def _spans(stop: Stop) -> list[tuple[int, int]]:
    if stop.pinned_at is not None:
        return [(stop.pinned_at, stop.pinned_at + stop.service)]
    return [(each.start, each.end) for each in stop.windows] or [(-10_000, 10_000)]


def _walk(
    person: Person,
    stops: tuple[Stop, ...],
    legs: list[int],
    place: int | None,
    chosen: tuple[tuple[int, int], ...],
) -> bool:
    ok, now = True, person.shift.start

    def pause(at: int, now: int) -> int:
        nonlocal ok
        if person.break_ is None or at != place:
            return now
        end = max(now, person.break_.window.start) + person.break_.duration
        ok = ok and end <= person.break_.window.end
        return end

    if person.break_ and place == 0:
        now = max(now, person.break_.window.start + person.break_.duration)
    for index, (stop, (start, end)) in enumerate(zip(stops, chosen, strict=True)):
        now = max(pause(2 * index + 1, now + legs[index]), start) + stop.service
        ok = ok and now <= end
        now = pause(2 * index + 2, now)
    now += legs[-1]
    ok = ok and now <= person.shift.end
    pause(2 * len(stops) + 1, now)
    return ok
