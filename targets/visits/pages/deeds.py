"""Starting, completing, and what keeps an employee from it. Each form may arrive twice and counts once."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ordinavo.kernel.errors import DomainError
from targets.visits.models import Appointment, VisitReport
from targets.visits.pages.access import EmployeeRequest, employee_required
from targets.visits.pages.answers import done, incomplete, mark_faults, refused
from targets.visits.pages.files import attach_sent
from targets.visits.pages.gone import kindly
from targets.visits.pages.stop_forms import Deed, ProblemForm
from targets.visits.pages.stops import workable_stop
from targets.visits.services.working import complete_appointment, report_problem, start_appointment

_ABSENT = VisitReport.Problem.CUSTOMER_ABSENT


@require_POST
@employee_required
@kindly
def start(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Start to work at a stop."""
    return _do(request, pk, start_appointment)


@require_POST
@employee_required
@kindly
def complete(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Complete a stop; the report comes next."""
    return _do(request, pk, complete_appointment)


@require_POST
@employee_required
@kindly
def absent(request: EmployeeRequest, pk: int) -> HttpResponse:
    """End a stop because nobody was there."""
    return _do(request, pk, report_problem, problem=_ABSENT.value, text="")


@require_POST
@employee_required
@kindly
def problem(request: EmployeeRequest, pk: int) -> HttpResponse:
    """End a stop with a problem: its kind, a text, photos."""
    form = ProblemForm(request.POST)
    stop = _stop(request, pk, form)
    if not form.is_valid():
        return incomplete(request, stop, form, problem=form)
    told = form.cleaned_data
    try:
        report_problem(employee=request.employee, appointment_id=pk, **told)
    except DomainError as refusal:
        mark_faults(form, refusal)
        return refused(request, stop, refusal, problem=form)
    attach_sent(request, pk, key=told["key"])
    return done(request, _path(pk))


def _do(request: EmployeeRequest, pk: int, service: Callable[..., Any], **told: Any) -> HttpResponse:
    form = Deed(request.POST)
    stop = _stop(request, pk, form)
    try:
        service(employee=request.employee, appointment_id=pk, **form.cleaned_data, **told)
    except DomainError as refusal:
        return refused(request, stop, refusal)
    return done(request, _path(pk))


def _stop(request: EmployeeRequest, pk: int, form: Deed) -> Appointment:
    form.is_valid()
    at = form.cleaned_data.get("at") or timezone.now()
    return workable_stop(request, pk, at=timezone.localdate(at))


def _path(pk: int) -> str:
    return reverse("myday:stop", args=[pk])
