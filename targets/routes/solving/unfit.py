"""Visits that were published before and do not fit the day any more: somebody has to decide about them.

They take their time all the same (see `planning.room`), as long as their people work at all.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from targets.routes.planning.problem import Matrix
from targets.routes.solving.build import Sketch
from targets.routes.solving.day import EMPLOYEES, Day
from targets.visits.models import Appointment
from targets.visits.selectors.days import WorkingDay, working_days

# Travel times are estimates: nobody is bothered for less.
_SLACK = timedelta(minutes=5)


def unfit_visits(day: Day, sketch: Sketch, matrix: Matrix) -> list[dict[str, Any]]:
    """Return what `RouteSuggestion.unfit` keeps, for all people of the suggestion: two statements."""
    wanted = day.options.get(EMPLOYEES)
    hours = {one.employee.pk: one for one in working_days(day.tenant, day.date, employee_ids=wanted)}
    rows = Appointment.objects.filter(tenant=day.tenant, day=day.date, status__in=Appointment.OPEN)
    if wanted is not None:
        rows = rows.filter(employee__in=wanted)
    visits = list(rows.select_related("target", "employee").order_by("employee__name", "planned_start", "id"))
    places = {-stop.id: stop.place_index for stop in sketch.stops if stop.id < 0}
    found = []
    for before, visit in zip([None, *visits], visits, strict=False):
        same = before if before is not None and before.employee_id == visit.employee_id else None
        said = [*_by_hours(visit, hours.get(visit.employee_id)), *_by_window(visit)]
        if same is not None:
            said += _by_way(visit, same, _way(places, matrix, same, visit))
        if said and visit.status == Appointment.Status.SCHEDULED:
            found.append(_told(visit, said))
    return found


def _told(visit: Appointment, said: Sequence[str]) -> dict[str, Any]:
    return {"appointmentId": visit.pk, "employeeId": visit.employee_id, "message": " ".join(said)}


def _by_hours(visit: Appointment, hours: WorkingDay | None) -> Iterator[str]:
    if hours is None:
        yield f"{visit.employee} does not work on that day."
    elif visit.planned_start < hours.start or visit.planned_end > hours.end:
        yield "It lies outside the working hours."


def _by_window(visit: Appointment) -> Iterator[str]:
    begin, end = visit.target.time_window_start, visit.target.time_window_end
    if visit.target.fixed_time and begin is not None and visit.planned_start != begin:
        yield "Its target has another fixed time."
    elif (begin and visit.planned_start < begin) or (end and visit.planned_end > end):
        yield "It lies outside the time window of its target."


def _way(places: dict[int, int], matrix: Matrix, before: Appointment, visit: Appointment) -> timedelta:
    if before.pk not in places or visit.pk not in places:
        return timedelta()
    return timedelta(seconds=matrix.rows[places[before.pk]][places[visit.pk]])


def _by_way(visit: Appointment, before: Appointment, way: timedelta) -> Iterator[str]:
    if visit.planned_start < before.planned_end:
        yield "It begins before the visit before it ends."
    elif visit.planned_start + _SLACK < before.planned_end + way:
        yield "There is too little time for the way from the visit before it."
