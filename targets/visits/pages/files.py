"""Photos and files of a report: sent one by one by a script, or with the form where there is none."""

from collections.abc import Iterator
from typing import IO, Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ordinavo.kernel.errors import DomainError
from targets.visits.models import Attachment
from targets.visits.pages.access import EmployeeRequest, employee_required
from targets.visits.pages.answers import done, refused
from targets.visits.pages.gone import kindly
from targets.visits.pages.stop_forms import Deed, new_key
from targets.visits.pages.stops import visible_stop, workable_stop
from targets.visits.selectors.myday import file_of
from targets.visits.services.attaching import add_attachment, remove_attachment
from targets.visits.serving import attachment_response


@require_POST
@employee_required
@kindly
def add(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Add the files that were sent to the report of a stop."""
    form = Deed(request.POST)
    form.is_valid()
    stop = workable_stop(request, pk, at=timezone.localdate(form.cleaned_data["at"]))
    try:
        for key, sent in _sent(request, form.cleaned_data["key"]):
            _add(request, pk, key, sent)
    except DomainError as refusal:
        return refused(request, stop, refusal)
    return done(request, _path(pk))


@require_safe
@employee_required
@kindly
def show(request: EmployeeRequest, pk: int, file_id: int) -> HttpResponse:
    """Give a file of the employee's own report back."""
    visible_stop(request, pk)
    return cast("HttpResponse", attachment_response(file_of(request.employee, pk, file_id)))


@require_POST
@employee_required
@kindly
def remove(request: EmployeeRequest, pk: int, file_id: int) -> HttpResponse:
    """Take a file away from a report that is not handed in."""
    stop = visible_stop(request, pk)
    try:
        remove_attachment(employee=request.employee, appointment_id=pk, attachment_id=file_id)
    except DomainError as refusal:
        return refused(request, stop, refusal)
    return done(request, _path(pk))


def attach_sent(request: EmployeeRequest, pk: int, *, key: str) -> None:
    """Add the files that came with a form; those that are refused are named, the form counts all the same."""
    for file_key, sent in _sent(request, key):
        try:
            _add(request, pk, file_key, sent)
        except DomainError as refusal:
            told = _("The file %(name)s was not added: %(reason)s")
            messages.error(request, told % {"name": sent.name or "", "reason": refusal.message})


def _sent(request: EmployeeRequest, key: str) -> Iterator[tuple[str, "UploadedFile[Any]"]]:
    """Yield each file with a key made of that of its form: a form sent twice brings no file twice."""
    for number, sent in enumerate(request.FILES.getlist("files")):
        yield f"{key[:60] or new_key()}-{number}", sent


def _add(request: EmployeeRequest, pk: int, key: str, sent: "UploadedFile[Any]") -> Attachment:
    return add_attachment(
        employee=request.employee,
        appointment_id=pk,
        key=key,
        name=sent.name or "",
        content=cast("IO[bytes]", sent.file),
        size=sent.size or 0,
    )


def _path(pk: int) -> str:
    return f"{reverse('myday:stop', args=[pk])}#report"
