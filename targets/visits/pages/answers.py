"""How what was done is answered: with a page, or to a script that waits for word; refusals are sentences."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from ordinavo.kernel.errors import DomainError, NotFound
from targets.visits.models import Appointment
from targets.visits.pages.access import EmployeeRequest
from targets.visits.pages.gone import wants_json
from targets.visits.pages.stops import Shown, show_stop


def done(request: EmployeeRequest, path: str, **told: Any) -> HttpResponse:
    """Say that it is stored here, and where to look next."""
    if wants_json(request):
        return JsonResponse({"next": path, **told})
    return HttpResponseRedirect(path)


def refused(request: EmployeeRequest, stop: Appointment, refusal: DomainError, **shown: Any) -> HttpResponse:
    """Say why it was not done; the page keeps what was typed. What is not theirs (any more) stays a 404."""
    if isinstance(refusal, NotFound):
        raise refusal
    message = _sentence(refusal)
    if wants_json(request):
        body = {"code": refusal.code, "message": message}
        return JsonResponse(body, status=refusal.status)
    return show_stop(request, stop, Shown(refusal=message, status=refusal.status, **shown))


def incomplete(request: EmployeeRequest, stop: Appointment, form: forms.Form, **shown: Any) -> HttpResponse:
    """Say which fields are missing or wrong."""
    message = _("Not saved. Please look at the fields that are marked.")
    if wants_json(request):
        fields = {name: [str(fault) for fault in faults] for name, faults in form.errors.items()}
        body = {"code": "validation_failed", "message": message, "fields": fields}
        return JsonResponse(body, status=422)
    return show_stop(request, stop, Shown(refusal=message, status=422, **shown))


def mark_faults(form: forms.Form, refusal: DomainError) -> bool:
    """Put the faults that a service found beside their fields; whether there were any."""
    for fault in refusal.details:
        form.add_error(fault.path if fault.path in form.fields else None, fault.message)
    return bool(refusal.details)


def _sentence(refusal: DomainError) -> str:
    return " ".join([refusal.message, *(fault.message for fault in refusal.details)])
