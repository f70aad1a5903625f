"""The page of a stop: what to know there, what to do, and the report; all of it readable without a line."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from targets.visits.minutes import worked_minutes
from targets.visits.models import Appointment, VisitReport
from targets.visits.pages.access import EmployeeRequest, employee_required
from targets.visits.pages.details import details_of
from targets.visits.pages.gone import kindly
from targets.visits.pages.shown import report_of, stamp
from targets.visits.pages.stop_forms import ProblemForm, ReportForm, first_values, new_key, stored_values
from targets.visits.pages.words import ANY_PROBLEM, RESULTS
from targets.visits.selectors.myday import DAYS_AROUND, DAYS_OWED, earlier_visits, is_owed, stop_of

_STATUS = Appointment.Status
_REJECTED = VisitReport.Status.REJECTED


@dataclass(frozen=True, slots=True)
class Shown:
    """What differs from the page as it is first seen: a refusal, and a form as it was sent."""

    refusal: str = ""
    problem: ProblemForm | None = None
    report: ReportForm | None = None
    has_changed: bool = False
    status: int = 200


@require_safe
@employee_required
@kindly
def stop(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Show one stop of the employee's."""
    return show_stop(request, visible_stop(request, pk), Shown())


def visible_stop(request: EmployeeRequest, pk: int) -> Appointment:
    """Return a stop of the days around today, or one whose report is still owed; 404 for any other."""
    found = stop_of(request.employee, pk)
    today = timezone.localdate()
    if abs(found.day - today) <= DAYS_AROUND:
        return found
    if is_owed(found) and timedelta(0) <= today - found.day <= DAYS_OWED:
        return found
    raise Http404


def workable_stop(request: EmployeeRequest, pk: int, *, at: date) -> Appointment:
    """Return a stop that may be worked on: that of today, of the day `at` which the phone did it on, or one
    that is owed. Other days are there to be read only: 404.
    """
    found = visible_stop(request, pk)
    if found.day in {timezone.localdate(), at} or (is_owed(found) and found.day <= timezone.localdate()):
        return found
    raise Http404


def show_stop(request: EmployeeRequest, stop: Appointment, shown: Shown) -> HttpResponse:
    """Return the page of a stop."""
    return render(request, "myday/stop.html", _context(request, stop, shown), status=shown.status)


def _context(request: EmployeeRequest, stop: Appointment, shown: Shown) -> dict[str, Any]:
    report = report_of(stop)
    is_today = stop.day == timezone.localdate()
    return {
        "stop": stop,
        "stamp": stamp([stop]),
        "details": details_of(stop, agent=request.headers.get("User-Agent", "")),
        "earlier": [(visit, RESULTS.get(visit.result, "")) for visit in earlier_visits(stop)],
        "report": report,
        "files": list(report.attachments.all()) if report else [],
        "minutes": worked_minutes(report) if report else None,
        "result": RESULTS.get(report.result, "") if report else "",
        "problem": ANY_PROBLEM.get(report.problem, "") if report else "",
        "is_today": is_today,
        "may_start": is_today and stop.status == _STATUS.SCHEDULED,
        "may_report": is_owed(stop),
        "came_back": report is not None and report.status == _REJECTED,
        # New ones each time: what was answered with a page is not sent again under its key.
        "keys": {name: new_key() for name in ("start", "complete", "absent", "problem", "report")},
        "problem_form": shown.problem or ProblemForm(),
        "report_form": shown.report or new_report_form(stop),
        "refusal": shown.refusal,
        "has_changed": shown.has_changed,
        "is_open": shown.report is not None,
        "has_problem": shown.problem is not None,
    }


def new_report_form(stop: Appointment) -> ReportForm:
    """Return the form with what is stored of a report, or what a new one begins with."""
    report = report_of(stop)
    if report is None or report.version == 0:
        version = {} if report is None else {"version": 0}
        return ReportForm(initial=first_values(stop) | version)
    return ReportForm(initial=stored_values(report))
