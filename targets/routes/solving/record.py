"""From the engine's routes to rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ordinavo.kernel.sets import insert_instances
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.routes.planning.solution import PlannedRoute, Violation
from targets.routes.solving.clock import Clock, minutes
from targets.routes.solving.facts import Facts
from targets.routes.solving.screening import LeftOut
from targets.routes.solving.words import violation_json


@dataclass(frozen=True)
class Told:
    """Why a stop stands where it stands, and what the route would save without it."""

    reasons: list[dict[str, str]] = field(default_factory=list)
    added_minutes: int = 0


@dataclass(frozen=True)
class Answer:
    """What is to be stored: routes with stops, who was left out, and by stop what is told of it.

    `broken` are violations by person. `travel` is where travel times came from.
    """

    clock: Clock
    routes: Sequence[PlannedRoute]
    left_out: Sequence[LeftOut]
    facts: Mapping[int, Facts]
    standing: Mapping[int, list[int]]
    told: Mapping[int, Told] = field(default_factory=dict)
    broken: Mapping[int, Sequence[Violation]] = field(default_factory=dict)
    break_minutes: Mapping[int, int] = field(default_factory=dict)
    locked: frozenset[int] = frozenset()
    travel: str = ""


def store_answer(suggestion: RouteSuggestion, answer: Answer) -> None:
    """Put an answer in place of all routes and exclusions that the suggestion has: seven statements."""
    suggestion.routes.all().delete()
    suggestion.exclusions.all().delete()
    routes = numbered(answer.routes)
    rows = [
        Route(suggestion=suggestion, number=number, employee_id=one.person_id, **route_columns(one, answer))
        for number, one in enumerate(routes, 1)
    ]
    if rows:
        insert_instances(rows)
        insert_instances(
            [stop for row, one in zip(rows, routes, strict=True) for stop in stops_of(row, one, answer)]
        )
    store_left_out(suggestion, answer.left_out)


def store_left_out(suggestion: RouteSuggestion, left_out: Iterable[LeftOut]) -> None:
    """Store exclusions."""
    rows = [
        Exclusion(
            suggestion=suggestion,
            target_id=one.target_id,
            reason_code=one.code,
            message=one.message[:500],
            hint=one.hint[:500],
            details=one.details,
        )
        for one in left_out
    ]
    if rows:
        insert_instances(rows)


def numbered(routes: Iterable[PlannedRoute]) -> list[PlannedRoute]:
    """Return the routes that are stored, in the order of their numbers: those with stops of their own."""
    return [one for one in routes if own_visits(one)]


def own_visits(route: PlannedRoute) -> list[Any]:
    """Return the visits to targets, without appointments that were there before."""
    return [visit for visit in route.visits if visit.stop_id > 0]


def route_columns(route: PlannedRoute, answer: Answer) -> dict[str, Any]:
    """Return the columns of a route. Its work is that of its own stops, all else that of the whole day."""
    broken = answer.broken.get(route.person_id, ())
    clock, work = answer.clock, sum(one.departs_at - one.starts_at for one in own_visits(route))
    return {
        "starts_at": clock.moment(route.starts_at),
        "ends_at": clock.moment(route.ends_at),
        "break_starts_at": None if route.break_at is None else clock.moment(route.break_at),
        "break_minutes": 0 if route.break_at is None else answer.break_minutes.get(route.person_id, 0),
        "distance_meters": route.distance,
        "travel_minutes": minutes(route.driving),
        "waiting_minutes": minutes(route.waiting),
        "work_minutes": minutes(work),
        "violations": [violation_json(one) for one in broken if one.stop_id is None or one.stop_id < 0],
        "known_appointments": answer.standing.get(route.person_id, []),
    }


def stops_of(row: Route, route: PlannedRoute, answer: Answer) -> list[Stop]:
    """Return the rows of a route's stops, in order."""
    broken = answer.broken.get(route.person_id, ())
    return [
        Stop(
            route_id=row.pk,
            target_id=visit.stop_id,
            sequence=sequence,
            locked=visit.stop_id in answer.locked,
            arrives_at=answer.clock.moment(visit.arrives_at),
            work_starts_at=answer.clock.moment(visit.starts_at),
            departs_at=answer.clock.moment(visit.departs_at),
            travel_minutes=minutes(visit.travel_seconds),
            travel_meters=visit.travel_meters,
            waiting_minutes=minutes(visit.waiting),
            added_minutes=told.added_minutes,
            reasons=told.reasons,
            violations=[violation_json(one) for one in broken if one.stop_id == visit.stop_id],
            facts=answer.facts[visit.stop_id].digest,
        )
        for sequence, visit in enumerate(own_visits(route), 1)
        for told in (answer.told.get(visit.stop_id, Told()),)
    ]


def summarise(suggestion: RouteSuggestion) -> dict[str, int]:
    """Return the totals of a suggestion's routes as they are stored: three statements."""
    routes = list(suggestion.routes.all())
    return {
        "routes": len(routes),
        "stops": Stop.objects.filter(route__in=routes).count(),
        "excluded": suggestion.exclusions.count(),
        "distanceMeters": sum(one.distance_meters for one in routes),
        "travelMinutes": sum(one.travel_minutes for one in routes),
        "workMinutes": sum(one.work_minutes for one in routes),
    }
