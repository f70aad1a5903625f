"""What a draft says of insertions must be what the evaluation says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from targets.routes.planning.draft import Draft, Timeline, kept
from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.problem import Person, Problem, Stop, Window
from tests.routes.planning.days import line, problems


@settings(max_examples=400, deadline=None)
@given(problems(most_stops=6).filter(lambda problem: problem.stops), st.data())
def test_insertions_are_exactly_those_that_the_evaluation_admits(
    problem: Problem, data: st.DataObject
) -> None:
    person = data.draw(st.sampled_from(problem.people))
    order = [*kept(problem, person, data.draw(st.permutations([each.id for each in problem.stops[1:]])))]
    timeline = Timeline(problem, person, [problem.stop_by_id[each] for each in order])
    stop = problem.stops[0]
    found = {insertion.position for insertion in timeline.insertions(stop)}
    wanted = {
        position
        for position in range(len(order) + 1)
        if is_feasible(problem, person, [*order[:position], stop.id, *order[position:]])
    }
    assert found == wanted


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_what_is_kept_of_an_order_is_feasible(problem: Problem, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(problem.people))
    order = kept(problem, person, data.draw(st.permutations([each.id for each in problem.stops])))
    assert not order or is_feasible(problem, person, order)


def test_the_lowest_rank_gives_way() -> None:
    person = Person(1, 0, 0, Window(0, 39))
    stops = (Stop(1, 1, 15, priority=2), Stop(2, 1, 15, priority=1))
    assert kept(Problem(stops, (person,), line(0, 5)), person, (1, 2)) == (1,)


def test_the_cheapest_insertion_is_over_all_people() -> None:
    people = (Person(1, 0, 0, Window(0, 100)), Person(2, 1, 1, Window(0, 100)))
    problem = Problem((Stop(1, 2, 5),), people, line(0, 20, 25))
    found = Draft(problem, {}).cheapest(problem.stops[0])
    assert found is not None
    assert (found.person_id, found.position, found.added) == (2, 0, 10)
