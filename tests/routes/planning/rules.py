"""A verifier that shares no code with the engine but its shapes: it checks what a route claims."""

from collections.abc import Iterator

from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.problem import Person, Problem, Stop
from targets.routes.planning.solution import Plan, PlannedRoute


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Everything that is wrong with a plan; nothing for a sound one."""
    return [
        *_accounts(problem, plan),
        *(each for route in plan.routes for each in route_faults(problem, route)),
    ]


def _accounts(problem: Problem, plan: Plan) -> Iterator[str]:
    """Every stop exactly once, planned or left out; every person at most once."""
    told = [visit.stop_id for route in plan.routes for visit in route.visits] + list(plan.left_out)
    if sorted(told) != sorted(stop.id for stop in problem.stops):
        yield f"stops told {sorted(told)}"
    people = [route.person_id for route in plan.routes]
    if len(people) != len(set(people)) or not set(people) <= {person.id for person in problem.people}:
        yield f"people told {people}"
    if any(not route.visits for route in plan.routes):
        yield "an empty route"


def route_faults(problem: Problem, route: PlannedRoute) -> list[str]:
    """Everything that is wrong with one route."""
    person = next(each for each in problem.people if each.id == route.person_id)
    stops = [next(each for each in problem.stops if each.id == visit.stop_id) for visit in route.visits]
    return [
        *_time_faults(problem, person, stops, route),
        *_limit_faults(problem, person, stops, route),
        *(f"stop {stop.id}: {fault}" for stop in stops for fault in _fit_faults(person, stop)),
    ]


def _time_faults(problem: Problem, person: Person, stops: list[Stop], route: PlannedRoute) -> Iterator[str]:
    here, now, busy = person.start_index, route.starts_at, []
    waited = driven = gone = 0
    for stop, visit in zip(stops, route.visits, strict=True):
        leg = int(problem.matrix.seconds[here, stop.place_index])
        meters = int(problem.matrix.meters[here, stop.place_index])
        if (visit.travel_seconds, visit.travel_meters) != (leg, meters):
            yield f"stop {stop.id}: travel {visit.travel_seconds} is not {leg}"
        if visit.arrives_at - now not in {leg, leg + _pause_after(person, route, now)}:
            yield f"stop {stop.id}: arrives at {visit.arrives_at}, left at {now}, way {leg}"
        busy += [(visit.arrives_at - leg, visit.arrives_at), (visit.starts_at, visit.departs_at)]
        paused = _pause_within(person, route, visit.arrives_at, visit.starts_at)
        if visit.waiting < 0 or visit.starts_at != visit.arrives_at + visit.waiting + paused:
            yield f"stop {stop.id}: waits {visit.waiting} from {visit.arrives_at} to {visit.starts_at}"
        if visit.departs_at - visit.starts_at != stop.service or not _in_window(stop, visit.starts_at):
            yield f"stop {stop.id}: works from {visit.starts_at} to {visit.departs_at}"
        here, now = stop.place_index, visit.departs_at
        waited, driven, gone = waited + visit.waiting, driven + leg, gone + meters
    leg = int(problem.matrix.seconds[here, person.end_index])
    busy.append((route.ends_at - leg, route.ends_at))
    if route.ends_at - now not in {leg, leg + _pause_after(person, route, now)}:
        yield f"ends at {route.ends_at}, left at {now}"
    if not person.shift.start <= route.starts_at <= route.ends_at <= person.shift.end:
        yield f"from {route.starts_at} to {route.ends_at}"
    totals = (waited, driven + leg, gone + int(problem.matrix.meters[here, person.end_index]))
    if totals != (route.waiting, route.driving, route.distance):
        yield f"totals {totals}"
    yield from _break_faults(person, route, busy)


def _pause_after(person: Person, route: PlannedRoute, now: int) -> int:
    """The length of a break that starts after the work at `now` (maybe after some rest before its window)."""
    if person.break_ is None or route.break_at is None or route.break_at < now:
        return 0
    return route.break_at - now + person.break_.duration


def _pause_within(person: Person, route: PlannedRoute, begin: int, end: int) -> int:
    if person.break_ is None or route.break_at is None or not begin <= route.break_at < end:
        return 0
    return person.break_.duration


def _in_window(stop: Stop, start: int) -> bool:
    if stop.pinned_at is not None:
        return start == stop.pinned_at
    return not stop.windows or any(
        each.start <= start and start + stop.service <= each.end for each in stop.windows
    )


def _break_faults(person: Person, route: PlannedRoute, busy: list[tuple[int, int]]) -> Iterator[str]:
    pause = person.break_
    if pause is None:
        if route.break_at is not None:
            yield "a break that nobody has"
        return
    if route.break_at is None:
        before = min(route.starts_at, pause.window.end) - pause.window.start >= pause.duration
        after = pause.window.end - max(route.ends_at, pause.window.start) >= pause.duration
        if not (before or after):
            yield "no break"
        return
    begin, end = route.break_at, route.break_at + pause.duration
    if begin < pause.window.start or end > pause.window.end:
        yield f"break from {begin}"
    if any(first < end and begin < last for first, last in busy if first < last):
        yield f"break at {begin} lies across work or driving"


def _limit_faults(problem: Problem, person: Person, stops: list[Stop], route: PlannedRoute) -> Iterator[str]:
    for most in (person.max_stops, problem.options.max_stops_per_route):
        if most is not None and len(stops) > most:
            yield f"{len(stops)} stops"
    if person.max_driving is not None and route.driving > person.max_driving:
        yield f"drives {route.driving}"
    if person.capacity is not None and sum(stop.load for stop in stops) > person.capacity:
        yield "too much load"
    if route.work != sum(stop.service for stop in stops):
        yield f"work {route.work}"


def _fit_faults(person: Person, stop: Stop) -> Iterator[str]:
    if stop.skills - person.skills:
        yield "lacks a skill"
    if stop.pinned_person is not None and stop.pinned_person != person.id:
        yield "is another person's"


def waiting(problem: Problem, plan: Plan) -> list[tuple[int, int | None]]:
    """Pairs of a stop left out and a planned one of lower rank that it could replace; None: it fits anyway.

    Every place of every route is tried by the evaluation.
    """
    pairs: list[tuple[int, int | None]] = []
    routes = {route.person_id: list(route.stop_ids) for route in plan.routes}
    for person in problem.people:
        order = routes.get(person.id, [])
        for out in (problem.stop_by_id[each] for each in plan.left_out):
            lower = [each for each in order if problem.stop_by_id[each].rank < out.rank]
            for given_up in (None, *lower):
                rest = [each for each in order if each != given_up]
                if any(is_feasible(problem, person, _with(rest, out.id, n)) for n in range(len(rest) + 1)):
                    pairs.append((out.id, given_up))
    return pairs


def _with(order: list[int], stop_id: int, place: int) -> list[int]:
    return [*order[:place], stop_id, *order[place:]]
