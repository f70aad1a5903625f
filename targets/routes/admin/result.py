"""What the page of a suggestion shows."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from ordinavo.kernel.admin import show
from targets.imports.models import ImportJob
from targets.routes.admin.bars import Scale, bars_of, clock, scale_of
from targets.routes.admin.ground import ground_of
from targets.routes.admin.tables import left_out_row, length, road, route_row, unfit_row
from targets.routes.marks import SUGGESTION_STATUS
from targets.routes.models import Route, RouteSuggestion
from targets.routes.selectors.whole import Whole, whole
from targets.routes.solving.day import EMPLOYEES
from targets.routes.solving.travel import GREAT_CIRCLE, failure_of

Status = RouteSuggestion.Status
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
    """Return the whole page; eight statements, whatever its size."""
    context = live(suggestion)
    if context["is_pending"] or suggestion.solved_at is None:
        return context
    plan = whole(suggestion)
    is_open = suggestion.status in {Status.DRAFT, Status.PUBLISHED} and may_plan
    scale = scale_of(plan) if plan.routes else None
    return context | {
        "has_result": True,
        "totals": _totals(suggestion),
        "ticks": scale.ticks() if scale else [],
        "routes": [_with_day(route, plan, scale, is_open=is_open) for route in plan.routes if scale],
        "left_out": [left_out_row(one, is_open=is_open) for one in plan.exclusions],
        "broken": _count_broken(plan),
        "unfit": [unfit_row(visit, message) for visit, message in plan.unfit],
        "give_away": ",".join(str(visit.pk) for visit, _ in plan.unfit) if may_plan else "",
        "is_edited": suggestion.edited_at is not None,
        "ground": ground_of(plan),
    }


def _with_day(route: Route, plan: Whole, scale: Scale, *, is_open: bool) -> dict[str, Any]:
    standing = plan.standing.get(route.employee_id, [])
    return {
        **route_row(route, is_open=is_open),
        "bars": bars_of(route, plan.hours.get(route.employee_id), standing, scale),
        "before": [(one, f"{clock(one.planned_start)} to {clock(one.planned_end)}") for one in standing],
    }


def _facts(row: RouteSuggestion) -> Iterable[tuple[str, show.Cell]]:
    status = row.said(in_part=_is_in_part(row))
    yield "Day", f"{row.route_date:%A, %Y-%m-%d}"
    yield "Status", show.mark(status, SUGGESTION_STATUS.get(status, ""))
    yield "Why" if row.status == Status.FAILED else "Last planning", row.failure
    yield "Asked for by", str(row.created_by) if row.created_by else show.link_to(row.client)
    yield "On", show.when(row.created_at)
    yield "Import job", _job(row)
    yield "Options", _options(row)
    if row.decided_at:
        yield "Decided", f"{show.when(row.decided_at)}{f' by {row.decided_by}' if row.decided_by else ''}"
    if row.edited_at:
        yield "Changed by hand", show.when(row.edited_at)
    if row.solved_at:
        yield "Travel times", _travel(row.travel_source)
    yield "Correlation id", row.correlation_id


def _is_in_part(row: RouteSuggestion) -> bool:
    return row.status == Status.PUBLISHED and row.routes.filter(status__in=Route.CHANGEABLE).exists()


def _travel(source: str) -> show.Cell:
    """Return where travel times came from; that a routing server was to be asked and failed is marked."""
    if not source.startswith(GREAT_CIRCLE):
        return f"routing server ({source})"
    failed, estimated = failure_of(source), "estimated from distances"
    return show.mark(f"{estimated}, no routing server: {failed}", "warn") if failed else estimated


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
        ("Distance", road(found.get("distanceMeters", 0))),
        ("Driving", length(found.get("travelMinutes", 0))),
        ("Work", length(found.get("workMinutes", 0))),
    ]


def _count_broken(plan: Whole) -> int:
    of_routes = sum(len(route.violations) for route in plan.routes)
    return of_routes + sum(len(stop.violations) for route in plan.routes for stop in route.stops.all())
