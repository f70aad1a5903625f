"""Writing the visit report: a draft at any time, handed in once."""

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
from targets.visits.pages.shown import report_of
from targets.visits.pages.stop_forms import ReportForm
from targets.visits.pages.stops import visible_stop, workable_stop
from targets.visits.services.reporting import save_draft, submit_report

_CHANGED = "report_changed"


@require_POST
@employee_required
@kindly
def report(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Save the report as a draft, or hand it in where the button says `send`."""
    handed_in = "send" in request.POST
    form = ReportForm(request.POST, handed_in=handed_in)
    is_valid = form.is_valid()
    at = form.cleaned_data.get("at") or timezone.now()
    stop = workable_stop(request, pk, at=timezone.localdate(at))
    if not is_valid:
        return incomplete(request, stop, form, report=form)
    # Photos first: a report that is handed in may be decided any moment.
    attach_sent(request, pk, key=form.cleaned_data["key"])
    return _write(request, stop, form, submit_report if handed_in else save_draft)


def _write(
    request: EmployeeRequest, stop: Appointment, form: ReportForm, service: Callable[..., VisitReport]
) -> HttpResponse:
    told = {name: form.cleaned_data[name] for name in ("key", "at", "version")}
    try:
        stored = service(employee=request.employee, appointment_id=stop.pk, values=form.values(), **told)
    except DomainError as refusal:
        return _refused(request, stop, form, refusal)
    path = reverse("myday:stop", args=[stop.pk])
    is_draft = service is save_draft
    return done(request, f"{path}#report" if is_draft else path, version=stored.version)


def _refused(
    request: EmployeeRequest, stop: Appointment, form: ReportForm, refusal: DomainError
) -> HttpResponse:
    if mark_faults(form, refusal):
        return incomplete(request, stop, form, report=form)
    now = visible_stop(request, stop.pk)
    return refused(request, now, refusal, report=_again(form, now), has_changed=refusal.code == _CHANGED)


def _again(form: ReportForm, stop: Appointment) -> ReportForm:
    """Return the form as it was typed, on top of what is stored by now: saving it again is meant so."""
    stored = report_of(stop)
    typed: dict[str, Any] = {**form.cleaned_data, "version": stored.version if stored else None}
    return ReportForm(initial={name: typed[name] for name in typed if name not in {"key", "at"}})
