"""What the page of a suggestion shows."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from ordinavo.kernel.admin import show
from targets.imports.models import ImportJob
from targets.models import Target
from targets.routes.admin.bars import bars_of, clock, scale_of
from targets.routes.admin.ground import colour_of, ground_of, town_of
from targets.routes.marks import ROUTE_STATUS, SUGGESTION_STATUS
from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.routes.selectors.whole import Whole, whole
from targets.routes.solving.day import EMPLOYEES
from targets.routes.solving.reasons import IN_HOUSE
from targets.routes.solving.travel import GREAT_CIRCLE

Status = RouteSuggestion.Status
_SOURCES = {GREAT_CIRCLE: "estimated from distances"}
_NAMES = {
    "startTime": "not before {}",
    "endTime": "not after {}",
    "maxStopsPerRoute": "at most {} stops per route",
    "balance": "work spread evenly",
}


def live(suggestion: RouteSuggestion) -> dict[str, Any]:
    """Return what is renewed while the suggestion is planned."""
    waited = (timezone.now() - (suggestion.rung_at or suggestion.created_at)).total_seconds()
    return {
        "suggestion": suggestion,
        "is_pending": suggestion.status == Status.PENDING,
        "facts": show.facts(_facts(suggestion)),
        "has_no_worker": suggestion.lease_until is None and waited > suggestion.budget_seconds + 5,
    }


def result(suggestion: RouteSuggestion, *, may_plan: bool) -> dict[str, Any]:
    """Return the whole page; six statements, whatever its size."""
    context = live(suggestion)
    if context["is_pending"] or suggestion.solved_at is None:
        return context
    plan = whole(suggestion)
    is_open = suggestion.status in {Status.DRAFT, Status.PUBLISHED} and may_plan
    scale = scale_of(plan) if plan.routes else None
    context |= {
        "has_result": True,
        "totals": _totals(suggestion),
        "ticks": scale.ticks() if scale else [],
        "routes": [
            {
                **_route(route, is_open=is_open),
                "bars": bars_of(
                    route,
                    plan.hours.get(route.employee_id),
                    plan.standing.get(route.employee_id, []),
                    scale,
                ),
                "before": [
                    (one, f"{clock(one.planned_start)} to {clock(one.planned_end)}")
                    for one in plan.standing.get(route.employee_id, [])
                ],
            }
            for route in plan.routes
            if scale
        ],
        "left_out": [_left_out(one, is_open=is_open) for one in plan.exclusions],
        "broken": _count_broken(plan),
        "ground": ground_of(plan),
    }
    return context


def _facts(row: RouteSuggestion) -> Iterable[tuple[str, show.Cell]]:
    status = row.get_status_display()
    yield "Day", f"{row.route_date:%A, %Y-%m-%d}"
    yield "Status", show.mark(status, SUGGESTION_STATUS.get(status, ""))
    yield "Why", row.failure
    yield "Asked for by", str(row.created_by) if row.created_by else show.link_to(row.client)
    yield "On", show.when(row.created_at)
    yield "Import job", _job(row)
    yield "Options", _options(row)
    if row.decided_at:
        yield "Decided", f"{show.when(row.decided_at)}{f' by {row.decided_by}' if row.decided_by else ''}"
    if row.solved_at:
        yield "Travel times", _SOURCES.get(row.travel_source, row.travel_source)
    yield "Correlation id", row.correlation_id


def _job(row: RouteSuggestion) -> show.Cell:
    # Only its number is known, and it is the tenant's own: the link needs no more.
    return show.link_to(ImportJob(pk=row.import_job_id), str(row.import_job_id)) if row.import_job_id else ""


def _options(row: RouteSuggestion) -> str:
    said = [_NAMES[name].format(value) for name, value in row.options.items() if name in _NAMES and value]
    people = row.options.get(EMPLOYEES)
    if people is not None:
        said.append("1 chosen person" if len(people) == 1 else f"{len(people)} chosen people")
    return ", ".join(said)


def _totals(row: RouteSuggestion) -> list[tuple[str, str]]:
    found = row.summary
    return [
        ("Routes", str(found.get("routes", 0))),
        ("Stops", str(found.get("stops", 0))),
        ("Left out", str(found.get("excluded", 0))),
        ("Distance", f"{found.get('distanceMeters', 0) / 1000:,.0f} km"),
        ("Driving", length(found.get("travelMinutes", 0))),
        ("Work", length(found.get("workMinutes", 0))),
    ]


def length(minutes: int) -> str:
    """Return minutes as hours and minutes."""
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def _route(route: Route, *, is_open: bool) -> dict[str, Any]:
    stops = list(route.stops.all())
    status, is_published = route.get_status_display(), route.status == Route.Status.PUBLISHED
    figures = (
        f"{len(stops)} stop{'' if len(stops) == 1 else 's'}",
        f"{route.distance_meters / 1000:,.0f} km",
        f"{length(route.travel_minutes)} driving",
        f"{length(route.work_minutes)} work",
        f"{length(route.waiting_minutes)} waiting" if route.waiting_minutes else "",
        f"break {clock(route.break_starts_at)}, {route.break_minutes} min" if route.break_starts_at else "",
    )
    return {
        "route": route,
        "colour": colour_of(route),
        "status": show.mark(status, ROUTE_STATUS.get(status, "")),
        "is_published": is_published,
        "may_publish": is_open and not is_published,
        "may_take_back": is_open and is_published,
        "span": f"{clock(route.starts_at)} to {clock(route.ends_at)}",
        "figures": ", ".join(part for part in figures if part),
        "stops": [_stop(one, may_edit=is_open and not is_published) for one in stops],
        "broken": [one["message"] for one in route.violations],
        "is_broken": bool(route.violations) or any(one.violations for one in stops),
    }


def _stop(stop: Stop, *, may_edit: bool) -> dict[str, Any]:
    return {
        "stop": stop,
        "target": show.link_to(stop.target),
        "place": _place(stop.target),
        "arrives": clock(stop.arrives_at),
        "work": f"{clock(stop.work_starts_at)} to {clock(stop.departs_at)}",
        "window": window_of(stop.target),
        "travel": f"{stop.travel_minutes} min, {stop.travel_meters / 1000:.1f} km",
        "why": [one["message"] for one in stop.reasons],
        "broken": [one["message"] for one in stop.violations],
        "appointment": stop.appointment,
        "since": _since(stop),
        "may_edit": may_edit,
    }


def _place(target: Target) -> str:
    return ", ".join(part for part in (target.external_id, town_of(target)) if part)


def _since(stop: Stop) -> show.Cell:
    """Return what became of a published stop, if that is more than being scheduled."""
    one = stop.appointment
    if one is None:
        return ""
    if one.status == one.Status.SCHEDULED:
        return show.mark("target changed since", "warn") if _is_changed(stop) else ""
    return show.mark(one.get_status_display(), "bad" if one.status == one.Status.CANCELLED else "info")


def _is_changed(stop: Stop) -> bool:
    return stop.appointment is not None and stop.target.revision > stop.appointment.target_revision


def window_of(target: Target) -> str:
    """Return when work may be done, "" for any time."""
    begin, end = target.time_window_start, target.time_window_end
    if begin and end:
        return f"{clock(begin)} to {clock(end)}{' (fixed)' if target.fixed_time else ''}"
    if begin:
        return f"{'at' if target.fixed_time else 'from'} {clock(begin)}"
    return f"until {clock(end)}" if end else ""


def _left_out(one: Exclusion, *, is_open: bool) -> dict[str, Any]:
    # Staff read names where outside systems, for whom the columns are, read numbers.
    said = {"message": one.message, "hint": one.hint, **one.details.get(IN_HOUSE, {})}
    return {
        "target": show.link_to(one.target),
        "target_name": str(one.target),
        "target_id": one.target_id,
        "place": _place(one.target),
        "reason": show.words(one.reason_code),
        "message": said["message"],
        "near": said.get("nearMiss", ""),
        "hint": said["hint"],
        "may_edit": is_open and one.target.status == Target.Status.OPEN,
    }


def _count_broken(plan: Whole) -> int:
    of_routes = sum(len(route.violations) for route in plan.routes)
    return of_routes + sum(len(stop.violations) for route in plan.routes for stop in route.stops.all())
