"""The one truth about feasibility: lay out an order of stops in time, or say what it breaks.

Search, repair, explanations and edits by hand may guess, but what they return was laid out here. Work starts
as early as it may, which leaves the air for what goes wrong later, except that nobody leaves earlier than the
first stop asks for.
"""

from collections.abc import Iterator, Sequence

from targets.routes.planning.labels import (
    Pair,
    first_moment,
    first_start,
    in_time,
    last_moment,
    pause_end,
    through,
)
from targets.routes.planning.layout import Layout, forced, timed
from targets.routes.planning.problem import Person, Problem, Stop
from targets.routes.planning.solution import PlannedRoute, Violation, Violations


def schedule(problem: Problem, person: Person, stop_ids: Sequence[int]) -> PlannedRoute | Violations:
    """Lay out the stops in this order for the person; exact, in seconds of the problem's clock."""
    layout = Layout(problem, person, [problem.stop_by_id[each] for each in stop_ids])
    broken = tuple(_broken_limits(layout))
    moments = _moments(layout)
    if not in_time(moments[-1], last_moment(person)):
        route, late = forced(layout)
        return Violations(route, (*broken, *late))
    route = timed(layout, _break_slot(layout, moments))
    return Violations(route, broken) if broken else route


def is_feasible(problem: Problem, person: Person, stop_ids: Sequence[int]) -> bool:
    """Whether the person can serve these stops in this order."""
    return isinstance(schedule(problem, person, stop_ids), PlannedRoute)


def _broken_limits(layout: Layout) -> Iterator[Violation]:
    """What is wrong whatever the time."""
    person, stops = layout.person, layout.stops
    yield from _misfits(person, stops)
    most = layout.problem.most_stops(person)
    if most is not None and len(stops) > most:
        yield Violation("too_many_stops", None, len(stops) - most)
    load = sum(stop.load for stop in stops)
    if person.capacity is not None and load > person.capacity:
        yield Violation("load_exceeded", None, load - person.capacity)
    driving = sum(layout.legs)
    if person.max_driving is not None and driving > person.max_driving:
        yield Violation("driving_exceeded", None, driving - person.max_driving)


def _misfits(person: Person, stops: list[Stop]) -> Iterator[Violation]:
    for stop in stops:
        if not stop.skills <= person.skills:
            yield Violation("missing_skill", stop.id, len(stop.skills - person.skills))
        if stop.pinned_person not in {None, person.id}:
            yield Violation("pinned_to_another", stop.id, 1)


def _moments(layout: Layout) -> list[Pair]:
    """Moments of leaving the start and each stop, and of arriving at the end."""
    moments = [first_moment(layout.person)]
    for leg, stop in zip(layout.legs, layout.stops, strict=False):
        open_, rested = moments[-1]
        moments.append(through(stop, layout.person.break_, (open_ + leg, rested + leg)))
    back = layout.legs[-1] if layout.stops else 0
    return [*moments, (moments[-1][0] + back, moments[-1][1] + back)]


def _break_slot(layout: Layout, moments: list[Pair]) -> int:
    """Trace back where the break lies on the quickest way; numbered as in `layout.timed`."""
    open_, rested = moments[-1]
    latest = last_moment(layout.person)
    if open_ <= latest[0] and (open_ <= rested or rested > latest[1]):
        return layout.after_return
    for index in range(len(layout.stops) - 1, -1, -1):
        stop, leg = layout.stops[index], layout.legs[index]
        open_, rested = (each + leg for each in moments[index])
        departed = moments[index + 1][1]
        if first_start(stop.starts, rested) + stop.service == departed:
            continue
        ready = pause_end(layout.person.break_, open_)
        is_before = first_start(stop.starts, ready) + stop.service == departed
        return 2 * index + (1 if is_before else 2)
    return 0
