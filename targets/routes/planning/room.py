"""Room for the visits that stand already (ids below 0): they take their time, whether they fit or not.

Hours, places and travel times may have changed since they were published. The search gives up what cannot be
kept, and would then plan its time a second time; so days are made such that these visits can be kept.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.problem import Person, Problem, Stop, Window


def with_room(problem: Problem) -> Problem:
    """Return the problem with people who can keep the visits that stand, without those left no time."""
    people, stops = list[Person](), [stop for stop in problem.stops if not stop.stands]
    for each in problem.people:
        # A limit for all would be one for what stands, too: it becomes everybody's own.
        person = replace(each, max_stops=problem.most_stops(each))
        person, inside = _trimmed(person, problem.standing_of(each))
        if person.shift.start < person.shift.end:
            kept = _one_after_the_other(problem, inside)
            people.append(_able(problem, _with_ways(problem, person, kept), kept))
            stops += kept
    options = replace(problem.options, max_stops_per_route=None)
    return replace(problem, stops=tuple(stops), people=tuple(people), options=options)


def end_of(stop: Stop) -> int:
    """Return when a visit at a fixed time ends."""
    return stop.begin + stop.service


def _trimmed(person: Person, standing: Sequence[Stop]) -> tuple[Person, list[Stop]]:
    """Return the person with a day that begins and ends where visits beyond its hours leave them."""
    shift = _left_of(person.shift, standing)
    before = [stop for stop in standing if stop.begin < shift.start]
    after = [stop for stop in standing if stop not in before and end_of(stop) > shift.end]
    inside = [stop for stop in standing if stop not in before and stop not in after]
    most = person.max_stops
    person = replace(
        person,
        shift=shift,
        start_index=max(before, key=end_of).place_index if before else person.start_index,
        end_index=after[0].place_index if after else person.end_index,
        max_stops=most if most is None else max(most - len(before) - len(after), len(inside)),
    )
    return person, inside


def _left_of(shift: Window, standing: Sequence[Stop]) -> Window:
    """Return the hours without those of visits that reach beyond them, and of what overlaps with these."""
    before = [end_of(stop) for stop in standing if stop.begin < shift.start]
    after = [stop.begin for stop in standing if stop.begin >= shift.start and end_of(stop) > shift.end]
    left = Window(max([shift.start, *before]), min([shift.end, *after]))
    return left if left == shift else _left_of(left, standing)


def _one_after_the_other(problem: Problem, standing: Sequence[Stop]) -> list[Stop]:
    """Return the visits so that each can follow the one before; where it cannot, nothing fits between."""
    kept: list[Stop] = []
    for stop in standing:
        kept += _parted(problem, kept.pop(), stop) if kept else [stop]
    return kept


def _parted(problem: Problem, last: Stop, stop: Stop) -> tuple[Stop, Stop]:
    between = stop.begin - last.begin
    way = problem.matrix.rows[last.place_index][stop.place_index]
    late = max(end_of(last) - end_of(stop), 0)
    if way > between:
        stop = replace(stop, place_index=last.place_index)
        return replace(last, service=between), replace(stop, service=stop.service + late)
    service = min(last.service, between - way)
    return replace(last, service=service), replace(stop, service=stop.service + late)


def _with_ways(problem: Problem, person: Person, kept: Sequence[Stop]) -> Person:
    """Return the person with a day that begins, or ends, at a visit if there is no time for the way there."""
    if not kept:
        return person
    rows, first, last = problem.matrix.rows, kept[0], kept[-1]
    begin = first.begin
    if rows[person.start_index][first.place_index] > begin - person.shift.start:
        shift = Window(begin, person.shift.end)
        person = replace(person, start_index=first.place_index, shift=shift)
    if rows[last.place_index][person.end_index] > person.shift.end - end_of(last):
        shift = Window(person.shift.start, end_of(last))
        person = replace(person, end_index=last.place_index, shift=shift)
    return person


def _able(problem: Problem, person: Person, kept: Sequence[Stop]) -> Person:
    """Return the person with the limit of driving, and without the break, that the visits leave."""
    ids = [stop.id for stop in kept]
    own = replace(problem, stops=tuple(kept), people=(person,))
    if person.max_driving is not None:
        path = [person.start_index, *(stop.place_index for stop in kept), person.end_index]
        ways = sum(problem.matrix.rows[here][there] for here, there in pairwise(path)) if kept else 0
        person = replace(person, max_driving=max(person.max_driving, ways))
    return person if is_feasible(own, person, ids) else replace(person, break_=None)
