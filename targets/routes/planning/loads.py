"""Who may serve whom, how many and how much, in loads and room: all that PyVRP understands of it.

One dimension for each set of people that some stop is confined to, by skills or a pin: others have no room in
it. One for the number of stops and one for their load, where somebody has a limit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from targets.routes.planning.problem import Person, Problem, Stop


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a stop takes and what a person has room for."""

    takes: Callable[[Stop], int]
    room: Callable[[Person], int]


def dimensions(problem: Problem) -> list[Dimension]:
    """All that matter to this problem; the order is always the same."""
    found = [_confined(problem, people) for people in _circles(problem)]
    if any(problem.most_stops(person) is not None for person in problem.people):
        found.append(Dimension(lambda _: 1, lambda person: _most(problem, person)))
    if any(person.capacity is not None for person in problem.people):
        total = sum(stop.load for stop in problem.stops)
        found.append(
            Dimension(
                lambda stop: stop.load,
                lambda person: total if person.capacity is None else person.capacity,
            )
        )
    return found


def _most(problem: Problem, person: Person) -> int:
    most = problem.most_stops(person)
    return len(problem.stops) if most is None else most


def _circles(problem: Problem) -> list[frozenset[int]]:
    """The sets of people that may serve some stop, without the set of all."""
    asked = {(stop.skills, stop.pinned_person): stop for stop in problem.stops}
    circles = {_circle(problem, stop) for stop in asked.values()}
    return sorted((each for each in circles if len(each) < len(problem.people)), key=sorted)


def _circle(problem: Problem, stop: Stop) -> frozenset[int]:
    return frozenset(person.id for person in problem.people if person.may_serve(stop))


def _confined(problem: Problem, people: frozenset[int]) -> Dimension:
    wanted = {(stop.skills, stop.pinned_person) for stop in problem.stops if _circle(problem, stop) == people}
    return Dimension(
        lambda stop: int((stop.skills, stop.pinned_person) in wanted),
        lambda person: len(problem.stops) if person.id in people else 0,
    )
