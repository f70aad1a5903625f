"""Why a stop is where it is."""

from itertools import pairwise

from targets.routes.planning.problem import Person, Problem, Stop, Window
from targets.routes.planning.solution import PlannedRoute
from targets.routes.planning.solve import solve
from targets.routes.planning.why import Reason, Why, why, why_all
from tests.bench.routes.days import LIGHT, Day, make
from tests.routes.planning.days import line

PEOPLE = (Person(1, 0, 0, Window(0, 1000), skills=frozenset({"gas"})), Person(2, 1, 1, Window(0, 1000)))


def told(stop: Stop, people: tuple[Person, ...] = PEOPLE) -> Why:
    problem = Problem((stop,), people, line(0, 100, 130))
    plan = solve(problem, iterations=5)
    assert plan.left_out == ()
    return why(problem, plan, stop.id)


def test_the_person_who_drives_least() -> None:
    assert told(Stop(7, 2, 60)) == Why(7, Reason("least_driving", 1, 200), Reason("on_the_way"), 60)


def test_the_only_one_with_the_skill() -> None:
    stop = Stop(7, 2, 60, (Window(500, 600),), skills=frozenset({"gas"}))
    assert told(stop) == Why(7, Reason("only_one_able", 1), Reason("window_opens"), 260)


def test_the_only_one_in_time() -> None:
    stop = Stop(7, 2, 60, (Window(0, 110),))
    assert told(stop) == Why(7, Reason("only_one_in_time", 2), Reason("in_window"), 60)


def test_a_pinned_stop_at_a_fixed_time() -> None:
    stop = Stop(7, 2, 60, pinned_person=1, pinned_at=300)
    assert told(stop) == Why(7, Reason("pinned", 1), Reason("fixed_time"), 260)


def test_added_minutes_are_what_the_route_would_save() -> None:
    problem = make(Day(30, LIGHT, 3))
    plan = solve(problem, iterations=50)
    for each in why_all(problem, plan):
        route = plan.route_of[each.stop_id]
        assert isinstance(route, PlannedRoute)
        person = problem.person_by_id[route.person_id]
        rest = [person.start_index]
        rest += [problem.stop_by_id[other].place_index for other in route.stop_ids if other != each.stop_id]
        rest.append(person.end_index)
        saved = sum(problem.matrix.rows[a][b] for a, b in pairwise(rest))
        assert each.added == route.driving - (saved if len(route.visits) > 1 else 0)
