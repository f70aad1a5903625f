"""A suggestion with all that its page shows, for a number of statements that does not grow with it."""

from dataclasses import dataclass

from django.db.models import Prefetch

from targets.routes.models import Exclusion, Route, RouteSuggestion, Stop
from targets.visits.models import Appointment
from targets.visits.selectors.days import WorkingDay, working_days


@dataclass(frozen=True)
class Whole:
    """Routes with `stops`; by employee their hours and what was published for them before.

    `unfit` are visits published before that did not fit when it was planned, with what is wrong with them.
    """

    suggestion: RouteSuggestion
    routes: list[Route]
    exclusions: list[Exclusion]
    hours: dict[int, WorkingDay]
    standing: dict[int, list[Appointment]]
    unfit: list[tuple[Appointment, str]]


def whole(suggestion: RouteSuggestion) -> Whole:
    """Return the suggestion (read with its tenant) with routes, stops and exclusions: six statements."""
    stops = Stop.objects.select_related("target__location", "appointment").order_by("sequence")
    routes = list(
        suggestion.routes.select_related("employee", "published_by")
        .order_by("number")
        .prefetch_related(Prefetch("stops", stops))
    )
    people = [one.employee_id for one in routes]
    hours = working_days(suggestion.tenant, suggestion.route_date, employee_ids=people)
    return Whole(
        suggestion=suggestion,
        routes=routes,
        exclusions=list(suggestion.exclusions.select_related("target__location").order_by("id")),
        hours={one.employee.pk: one for one in hours},
        standing=_standing(suggestion, routes),
        unfit=_unfit(suggestion),
    )


def _standing(suggestion: RouteSuggestion, routes: list[Route]) -> dict[int, list[Appointment]]:
    known = {pk for route in routes for pk in route.known_appointments}
    rows = Appointment.objects.filter(tenant=suggestion.tenant_id, id__in=known)
    found: dict[int, list[Appointment]] = {}
    for one in rows.exclude(status=Appointment.Status.CANCELLED).select_related("target__location"):
        found.setdefault(one.employee_id, []).append(one)
    return found


def _unfit(suggestion: RouteSuggestion) -> list[tuple[Appointment, str]]:
    """Return what still waits for a decision: neither begun, cancelled nor given to somebody else since."""
    told = {one["appointmentId"]: one for one in suggestion.unfit}
    rows = Appointment.objects.filter(tenant=suggestion.tenant_id, id__in=told)
    rows = rows.filter(status=Appointment.Status.SCHEDULED).select_related("employee", "target__location")
    return [
        (one, told[one.pk]["message"])
        for one in rows.order_by("employee__name", "planned_start", "id")
        if one.employee_id == told[one.pk]["employeeId"]
    ]
