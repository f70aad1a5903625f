"""The days of an employee: today, and those around it to look at."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from targets.visits.models import Appointment
from targets.visits.pages.access import EmployeeRequest, employee_required
from targets.visits.pages.gone import kindly
from targets.visits.pages.shown import cards, stamp
from targets.visits.selectors.myday import DAYS_AROUND, owed_before, stops_of_day

_ONE = timedelta(days=1)


@require_safe
@employee_required
@kindly
def today(request: EmployeeRequest) -> HttpResponse:
    """Show the stops of today, and what is left of the days before."""
    day = timezone.localdate()
    return _show(request, day, owed=owed_before(request.employee, day))


@require_safe
@employee_required
@kindly
def day(request: EmployeeRequest, day: date) -> HttpResponse:
    """Show the stops of a day that is not too far away."""
    if abs(day - timezone.localdate()) > DAYS_AROUND:
        raise Http404
    return _show(request, day, owed=[])


def _show(request: EmployeeRequest, day: date, *, owed: list[Appointment]) -> HttpResponse:
    now, current = timezone.now(), timezone.localdate()
    agent = request.headers.get("User-Agent", "")
    stops = stops_of_day(request.employee, day)
    context = {
        "day": day,
        "is_today": day == current,
        "stamp": stamp([*stops, *owed]),
        "cards": cards(stops, agent=agent, now=now),
        "owed": cards(owed, agent=agent, now=now),
        "left": sum(stop.status in Appointment.OPEN for stop in stops),
        "before": day - _ONE if current - day < DAYS_AROUND else None,
        "after": day + _ONE if day - current < DAYS_AROUND else None,
    }
    return render(request, "myday/day.html", context)
