"""What would have to be different: changes to a problem, and the proof that one makes a stop fit."""

from dataclasses import dataclass, replace
from typing import Literal

from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.problem import Person, Problem, Stop, Window
from targets.routes.planning.solution import Plan

Kind = Literal[
    "window_ends_later",
    "window_starts_earlier",
    "work_shorter",
    "shift_ends_later",
    "stops_left_out",
    "one_stop_more",
    "driving_longer",
    "skill_added",
    "another_person",
]


@dataclass(frozen=True, slots=True)
class Change:
    """The stop fits the route of `person_id` before `position`, if ...

    `seconds` is by how much for the kinds that have a measure, `skills` what the person would need, `without`
    the stops left out first (`position` counts without them). `another_person`: one like this, with an empty
    day.
    """

    kind: Kind
    person_id: int
    position: int
    seconds: int = 0
    skills: tuple[str, ...] = ()
    without: tuple[int, ...] = ()


def holds(problem: Problem, plan: Plan, stop_id: int, change: Change) -> bool:
    """Make the change, insert, and lay out the route: the proof."""
    stop = changed_stop(problem.stop_by_id[stop_id], change)
    person = changed_person(problem, problem.person_by_id[change.person_id], change)
    changed = replace(
        problem,
        stops=tuple(stop if each.id == stop_id else each for each in problem.stops),
        people=tuple(person if each.id == person.id else each for each in problem.people),
        options=replace(problem.options, max_stops_per_route=None),
    )
    order = _order(plan, change)
    order.insert(change.position, stop_id)
    return is_feasible(changed, person, order)


def _order(plan: Plan, change: Change) -> list[int]:
    if change.kind == "another_person":
        return []
    visited = next((route.stop_ids for route in plan.routes if route.person_id == change.person_id), ())
    return [each for each in visited if each not in change.without]


def changed_stop(stop: Stop, change: Change) -> Stop:
    """The stop as the change would have it."""
    match change.kind:
        case "window_ends_later":
            return _moved(stop, 0, change.seconds)
        case "window_starts_earlier":
            return _moved(stop, -change.seconds, 0)
        case "work_shorter":
            return replace(stop, service=stop.service - change.seconds)
        case _:
            return stop


def windows_of(stop: Stop) -> tuple[Window, ...]:
    """The windows that count: a fixed time is one, just as long as the work."""
    if stop.pinned_at is None:
        return stop.windows
    return (Window(stop.pinned_at, stop.pinned_at + stop.service),)


def _moved(stop: Stop, start: int, end: int) -> Stop:
    moved = tuple(Window(each.start + start, each.end + end) for each in windows_of(stop))
    return replace(stop, pinned_at=None, windows=moved)


def changed_person(problem: Problem, person: Person, change: Change) -> Person:
    """The person as the change would have them; limits of the options are put on the person."""
    person = replace(person, max_stops=problem.most_stops(person))
    if change.kind == "shift_ends_later":
        return replace(person, shift=Window(person.shift.start, person.shift.end + change.seconds))
    if change.kind == "one_stop_more" and person.max_stops is not None:
        return replace(person, max_stops=person.max_stops + 1)
    if change.kind == "driving_longer" and person.max_driving is not None:
        return replace(person, max_driving=person.max_driving + change.seconds)
    return replace(person, skills=person.skills | frozenset(change.skills))
