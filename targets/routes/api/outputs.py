"""What the API says of route suggestions: who drives where stays in the house."""

from typing import Any

from ordinavo.kernel.instants import instant
from targets.routes.events import SUMMARY
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop

_PATH = "/api/connect/v1/route-suggestions"
OPTIONS = ("startTime", "endTime", "maxStopsPerRoute", "balance")


def suggestion_path(suggestion: RouteSuggestion) -> str:
    """Return the path under which a suggestion is read."""
    return f"{_PATH}/{suggestion.pk}"


def accepted(suggestion: RouteSuggestion) -> dict[str, Any]:
    """Return the 202 answer."""
    return {
        "routeSuggestionId": suggestion.pk,
        "status": suggestion.status,
        "links": {"routeSuggestion": suggestion_path(suggestion)},
    }


def suggestion_out(suggestion: RouteSuggestion) -> dict[str, Any]:
    """Return a suggestion as lists show it."""
    return {
        "id": suggestion.pk,
        "status": suggestion.status,
        "routeDate": suggestion.route_date.isoformat(),
        "importJobId": suggestion.import_job_id,
        "options": {name: suggestion.options.get(name) for name in OPTIONS},
        "summary": {name: suggestion.summary[name] for name in SUMMARY} if suggestion.summary else None,
        "failureReason": suggestion.failure or None,
        "correlationId": suggestion.correlation_id,
        "createdAt": instant(suggestion.created_at),
        "finishedAt": instant(suggestion.solved_at),
        "links": {"self": suggestion_path(suggestion)},
    }


def suggestion_whole(suggestion: RouteSuggestion) -> dict[str, Any]:
    """Return a suggestion with its routes and with what was left out."""
    return {
        **suggestion_out(suggestion),
        "routes": [_route(route) for route in suggestion.routes.all()],
        "excluded": [_excluded(one) for one in suggestion.exclusions.all()],
    }


def _route(route: Route) -> dict[str, Any]:
    return {"number": route.number, "stops": [_stop(stop) for stop in route.stops.all()]}


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "sequence": stop.sequence,
        "targetId": stop.target_id,
        "externalId": stop.target.external_id,
        "arrivalUtc": instant(stop.arrives_at),
        "departureUtc": instant(stop.departs_at),
    }


def _excluded(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "targetId": exclusion.target_id,
        "externalId": exclusion.target.external_id,
        "reasonCode": exclusion.reason_code,
        "message": exclusion.message,
        "hint": exclusion.hint or None,
    }
