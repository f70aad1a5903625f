"""Laying out a known order of stops: with a known place for the break, or by force."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from targets.routes.planning.labels import LATER, first_moment, first_start, pause_end
from targets.routes.planning.problem import UNREACHABLE, Break, Person, Problem, Stop
from targets.routes.planning.solution import PlannedRoute, Violation, Visit


@dataclass(frozen=True)
class Layout:
    """Stops in order for a person. `path` are the places, `legs` the seconds between them."""

    problem: Problem
    person: Person
    stops: list[Stop]

    @cached_property
    def path(self) -> list[int]:
        if not self.stops:
            return []
        return [self.person.start_index, *(stop.place_index for stop in self.stops), self.person.end_index]

    @cached_property
    def legs(self) -> list[int]:
        rows = self.problem.matrix.rows
        return [rows[here][there] for here, there in pairwise(self.path)]

    @property
    def after_return(self) -> int:
        """The slot of a break after coming back."""
        return 2 * len(self.stops) + 1

    def meters(self, index: int) -> int:
        """Of the leg to the stop at `index`, or, after the last one, of the way back."""
        return int(self.problem.matrix.meters[self.path[index], self.path[index + 1]])


def timed(layout: Layout, slot: int) -> PlannedRoute:
    """Lay out with the break in a slot where it fits.

    0 is before leaving, 2k+1 before and 2k+2 after the work at stop k; the last one is after coming back.
    Without a break, any.
    """
    person, break_at = layout.person, None
    now = _leave(layout, slot)
    visits = []
    for index, (stop, leg) in enumerate(zip(layout.stops, layout.legs, strict=False)):
        arrival = ready = now + leg
        if person.break_ and slot == 2 * index + 1:
            break_at, ready = _paused(person.break_, arrival)
        start = first_start(stop.starts, ready)
        pause = ready - break_at if break_at is not None and ready != arrival else 0
        visits.append(_visit(layout, index, arrival, start, waiting=start - arrival - pause))
        now = start + stop.service
        if person.break_ and slot == 2 * index + 2:
            break_at, now = _paused(person.break_, now)
    return _route(layout, visits, now, break_at)


def forced(layout: Layout) -> tuple[PlannedRoute, list[Violation]]:
    """Lay out an order that cannot be kept: each rule is kept where possible, and what is not is told."""
    person, break_at, visits = layout.person, None, list[Visit]()
    broken = [
        Violation("unreachable", stop.id, 1)
        for stop, leg in zip(layout.stops, layout.legs, strict=False)
        if leg >= UNREACHABLE
    ]
    now = person.shift.start
    for index, (stop, leg) in enumerate(zip(layout.stops, layout.legs, strict=False)):
        arrival = ready = now + _sane(leg)
        if person.break_ and break_at is None and _is_break_due(person.break_, stop, arrival):
            break_at, ready = _paused(person.break_, arrival)
        start = first_start(stop.starts, ready)
        if start >= LATER:
            broken.append(Violation("time_window_missed", stop.id, _late(stop, ready)))
            start = ready
        pause = person.break_.duration if person.break_ and ready != arrival else 0
        visits.append(_visit(layout, index, arrival, start, waiting=start - arrival - pause))
        now = start + stop.service
    route = _route(layout, visits, now, break_at)
    return route, broken + _broken_at_the_end(layout, route)


def _leave(layout: Layout, slot: int) -> int:
    """When to leave: as late as the earliest possible start at the first stop allows."""
    person = layout.person
    open_, rested = first_moment(person)
    earliest = rested if person.break_ is None or slot == 0 else open_
    if not layout.stops:
        return earliest
    first, leg = layout.stops[0], layout.legs[0]
    if person.break_ is None or slot != 1:
        return first_start(first.starts, earliest + leg) - leg
    start = first_start(first.starts, pause_end(person.break_, earliest + leg))
    break_begins = min(start, person.break_.window.end) - person.break_.duration
    return max(earliest, break_begins - leg)


def _paused(pause: Break, since: int) -> tuple[int, int]:
    """Begin and end of the break."""
    begin = max(since, pause.window.start)
    return begin, begin + pause.duration


def _is_break_due(pause: Break, stop: Stop, arrival: int) -> bool:
    """Whether a break now would be within its window and cost the work no more than its own time."""
    if pause_end(pause, arrival) >= LATER:
        return False
    return max(arrival, first_start(stop.starts, arrival)) >= pause.window.start


def _late(stop: Stop, ready: int) -> int:
    """By how many seconds the work misses its last window, or lacks a window that is long enough."""
    if stop.starts:
        return ready - stop.starts[-1].end
    return stop.service - max(each.end - each.start for each in stop.windows)


def _broken_at_the_end(layout: Layout, route: PlannedRoute) -> list[Violation]:
    person, broken = layout.person, list[Violation]()
    if layout.legs and layout.legs[-1] >= UNREACHABLE:
        broken.append(Violation("unreachable", None, 1))
    if route.ends_at > person.shift.end:
        broken.append(Violation("shift_exceeded", None, route.ends_at - person.shift.end))
    if person.break_ and route.break_at is None:
        over = route.ends_at + person.break_.duration - person.break_.window.end
        broken += [Violation("break_missing", None, person.break_.duration)] if over > 0 else []
    return broken


def _sane(leg: int) -> int:
    """No times of another month for a way that does not exist."""
    return 0 if leg >= UNREACHABLE else leg


def _visit(layout: Layout, index: int, arrival: int, start: int, *, waiting: int) -> Visit:
    stop = layout.stops[index]
    return Visit(
        stop_id=stop.id,
        arrives_at=arrival,
        starts_at=start,
        departs_at=start + stop.service,
        travel_seconds=_sane(layout.legs[index]),
        travel_meters=_sane(layout.meters(index)),
        waiting=waiting,
    )


def _route(layout: Layout, visits: list[Visit], leaves_last: int, break_at: int | None) -> PlannedRoute:
    back = _sane(layout.legs[-1]) if visits else 0
    return PlannedRoute(
        person_id=layout.person.id,
        visits=tuple(visits),
        starts_at=visits[0].arrives_at - visits[0].travel_seconds if visits else leaves_last,
        ends_at=leaves_last + back,
        break_at=break_at,
        distance=sum(v.travel_meters for v in visits) + (_sane(layout.meters(len(visits))) if visits else 0),
        driving=sum(v.travel_seconds for v in visits) + back,
        waiting=sum(v.waiting for v in visits),
        work=sum(stop.service for stop in layout.stops),
    )
