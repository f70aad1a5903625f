"""Photos and files of reports, for staff who may see the report; never by a public path."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.kernel.errors import NotFound
from targets.visits.models import Attachment
from targets.visits.selectors.reports import attachment_of
from targets.visits.serving import attachment_response
from targets.visits.thumbnails import thumbnail_response


class FilesPage(Protocol):
    """What these views need of the reports' admin."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may see reports."""


def whole(page: FilesPage, request: HttpRequest, report_id: int, file_id: int) -> HttpResponseBase:
    """Return a file as it came."""
    try:
        return attachment_response(_file(page, request, report_id, file_id))
    except NotFound as gone:
        raise Http404(gone.message) from None


def small(page: FilesPage, request: HttpRequest, report_id: int, file_id: int) -> HttpResponseBase:
    """Return a small picture of a photo."""
    try:
        return thumbnail_response(_file(page, request, report_id, file_id))
    except NotFound as gone:
        raise Http404(gone.message) from None


def _file(page: FilesPage, request: HttpRequest, report_id: int, file_id: int) -> Attachment:
    if not page.has_view_permission(request):
        raise PermissionDenied
    tenant = tenant_of(request)
    if tenant is None and not getattr(request.user, "is_superuser", False):
        raise Http404
    return attachment_of(tenant=tenant, report_id=report_id, attachment_id=file_id)
