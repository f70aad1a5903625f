"""Edits by hand: orders of stops are laid out again at once, with what they break.

An edit touches a route or two; only these are read and laid out. Appointments that are there already keep
their place in the order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ordinavo.kernel.errors import Conflict
from targets.models import Target
from targets.routes.models import Route, RouteSuggestion
from targets.routes.planning.evaluate import schedule
from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan, PlannedRoute, Violation, Violations
from targets.routes.solving.build import sketch_of
from targets.routes.solving.day import Day, read_day
from targets.routes.solving.facts import Facts, facts_of
from targets.routes.solving.reasons import told_of
from targets.routes.solving.record import Answer, Told
from targets.routes.solving.travel import travel_between

BY_HAND = {"code": "by_hand", "message": "Placed here by hand."}


@dataclass(frozen=True)
class Bench:
    """The part of a day that an edit touches; `orders` are ids of stops by employee, as they stand."""

    day: Day
    facts: Mapping[int, Facts]
    problem: Problem
    orders: Mapping[int, list[int]]
    base: Answer


def read_bench(
    suggestion: RouteSuggestion, *, employee_ids: Collection[int], target_ids: Collection[int]
) -> Bench:
    """Read the routes of these employees, and these targets beside them; travel times may be asked for.

    `Conflict` if one of the people does not work that day, or one of the targets has no place.
    """
    routes = list(suggestion.routes.filter(employee__in=employee_ids).prefetch_related("stops"))
    held = {stop.target_id for route in routes for stop in route.stops.all()}
    day = read_day(suggestion, target_ids={*held, *target_ids}, employee_ids=employee_ids)
    day = replace(day, locked={})
    facts = {target.pk: facts_of(target, day.tenant) for target in day.targets}
    _require_places(facts.values(), day.targets)
    sketch = sketch_of(day, facts.values())
    matrix, source = travel_between(sketch.places)
    problem = sketch.problem(matrix)
    if problem.person_by_id.keys() != set(employee_ids):
        raise Conflict(f"One of these people has no time or no start on {day.date}. Plan again.")
    base = Answer(
        clock=sketch.clock,
        routes=(),
        left_out=(),
        facts=facts,
        standing=day.standing,
        break_minutes=day.break_minutes,
        locked=frozenset(s.target_id for route in routes for s in route.stops.all() if s.locked),
        travel=source,
    )
    orders = {pk: _standing_order(problem, base, pk, routes) for pk in employee_ids}
    return Bench(day, facts, problem, orders, base)


def best_order(bench: Bench, employee_id: int, target_id: int, position: int | None) -> list[int]:
    """Return the employee's order with a target: at that position among the targets, or at the best one.

    The best one keeps all rules with the least driving, or breaks them least.
    """
    order = [pk for pk in bench.orders[employee_id] if pk != target_id]
    if position is not None:
        return _inserted(order, target_id, _index_of(order, position))
    tried = [_inserted(order, target_id, index) for index in range(len(order) + 1)]
    return min(tried, key=lambda one: _worth(bench, employee_id, one))


def lay_out(bench: Bench, orders: Mapping[int, Sequence[int]], *, by_hand: Collection[int]) -> Answer:
    """Return the answer for these orders: times, violations, and reasons anew."""
    routes, broken = [], dict[int, tuple[Violation, ...]]()
    for employee_id, order in orders.items():
        laid = schedule(bench.problem, bench.problem.person_by_id[employee_id], order)
        if isinstance(laid, Violations):
            broken[employee_id], laid = laid.broken, laid.route
        routes.append(laid)
    told = _told(bench, [one for one in routes if one.person_id not in broken], by_hand)
    return replace(bench.base, routes=routes, broken=broken, told=told)


def _told(bench: Bench, routes: Sequence[PlannedRoute], by_hand: Collection[int]) -> dict[int, Told]:
    plan = Plan(tuple(routes), (), iterations=0, seed=0)
    told = told_of(bench.problem, plan, bench.day)
    hand = {pk: replace(told.get(pk, Told()), reasons=[BY_HAND]) for pk in by_hand}
    return {**told, **hand}


def _require_places(facts: Collection[Facts], targets: Sequence[Target]) -> None:
    lost = [one.target_id for one in facts if one.place is None]
    if lost:
        names = ", ".join(str(target) for target in targets if target.pk in lost)
        raise Conflict(f"These targets have no coordinates: {names}.")


def _standing_order(problem: Problem, base: Answer, employee_id: int, routes: Sequence[Route]) -> list[int]:
    """Merge a route's stops and the appointments beside it by time."""
    timed = [
        (base.clock.second(stop.work_starts_at), stop.target_id)
        for route in routes
        if route.employee_id == employee_id
        for stop in route.stops.all()
    ]
    timed += [
        (stop.pinned_at or 0, stop.id)
        for stop in problem.stops
        if stop.id < 0 and stop.pinned_person == employee_id
    ]
    return [pk for _, pk in sorted(timed)]


def _index_of(order: Sequence[int], position: int) -> int:
    own = [index for index, pk in enumerate(order) if pk > 0]
    return own[position - 1] if position <= len(own) else len(order)


def _inserted(order: Sequence[int], target_id: int, index: int) -> list[int]:
    return [*order[:index], target_id, *order[index:]]


def _worth(bench: Bench, employee_id: int, order: Sequence[int]) -> tuple[int, int]:
    laid = schedule(bench.problem, bench.problem.person_by_id[employee_id], order)
    if isinstance(laid, Violations):
        return sum(max(1, one.amount) for one in laid.broken), laid.route.driving
    return 0, laid.driving
