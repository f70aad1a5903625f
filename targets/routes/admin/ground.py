"""What the map shows: routes as lines, stops with their numbers, and what was left out."""

from typing import Any

from django.conf import settings

from targets.models import Target
from targets.routes.admin.bars import clock
from targets.routes.models import Route
from targets.routes.selectors.whole import Whole
from targets.routes.solving.facts import place_of

# Told apart with most kinds of colour blindness, and dark enough for white numbers; numbers tell more.
COLOURS = ("#0f766e", "#b45309", "#1d4ed8", "#a21caf", "#4d7c0f", "#b91c1c", "#0369a1", "#6d28d9", "#57534e")

Point = list[float]


def hue_of(route: Route) -> int:
    """Return which of the colours a route has, on the map and beside its name (`ord-hue-1` and so on)."""
    return (route.number - 1) % len(COLOURS) + 1


def ground_of(plan: Whole) -> dict[str, Any]:
    """Return what the script of the map draws; texts are plain."""
    left = [(one.target, one.message) for one in plan.exclusions]
    return {
        "tiles": settings.ROUTE_TILE_URL,
        "attribution": settings.ROUTE_TILE_ATTRIBUTION,
        "routes": [_route(one) for one in plan.routes],
        "left": [
            {
                "at": at,
                "text": f"Left out: {_name(target)}. {message}",
                "row": f"target-{target.pk}",
            }
            for target, message in left
            if (at := _point(target)) is not None
        ],
    }


def _route(route: Route) -> dict[str, Any]:
    stops = [(stop, _point(stop.target)) for stop in route.stops.all()]
    start, end = _ends(route)
    ways = [start, *(at for _, at in stops), end]
    return {
        "number": route.number,
        "name": route.employee.name,
        "colour": COLOURS[hue_of(route) - 1],
        "start": start,
        "line": [at for at in ways if at is not None],
        "stops": [
            {
                "at": at,
                "label": str(stop.sequence),
                "text": f"{clock(stop.work_starts_at)} {_name(stop.target)}",
                "row": f"target-{stop.target_id}",
                "broken": bool(stop.violations),
            }
            for stop, at in stops
            if at is not None
        ],
    }


def _ends(route: Route) -> tuple[Point | None, Point | None]:
    employee = route.employee
    start = _pair(employee.start_latitude, employee.start_longitude)
    return start, _pair(employee.end_latitude, employee.end_longitude) or start


def _pair(latitude: float | None, longitude: float | None) -> Point | None:
    return None if latitude is None or longitude is None else [latitude, longitude]


def _point(target: Target) -> Point | None:
    place = place_of(target)
    return None if place is None else [place.latitude, place.longitude]


def _name(target: Target) -> str:
    return ", ".join(part for part in (target.title, town_of(target)) if part)


def town_of(target: Target) -> str:
    """Return the town of a target that was read with its location."""
    return (target.location.city if target.location else "") or target.city
