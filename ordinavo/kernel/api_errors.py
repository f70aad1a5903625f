"""The one place where errors become HTTP: every refusal leaves in the same shape."""

import re
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.response import Response

from ordinavo.kernel import correlation
from ordinavo.kernel.errors import (
    Detail,
    DomainError,
    InvalidJson,
    NotFound,
    PayloadTooLarge,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from ordinavo.kernel.postgres.away import AWAY

log = structlog.get_logger("ordinavo.errors")

INVALID_FIELDS = "One or more fields are invalid."
_API_PREFIX = "/api/"


class MethodNotAllowed(DomainError):
    """The path exists, but not with this method."""

    status, code = 405, "method_not_allowed"


class NotAcceptable(DomainError):
    """The caller accepts no JSON."""

    status, code = 406, "not_acceptable"


class InternalError(DomainError):
    """Our fault; it says nothing about the inside."""

    status, code = 500, "internal_error"


class BadRequest(DomainError):
    """HTTP that no view can read."""

    status, code = 400, "bad_request"


def envelope(error: DomainError) -> dict[str, Any]:
    """Return the body of an error answer."""
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "correlationId": correlation.correlation_id.get(),
        **error.facts,
    }
    if error.details:
        body["details"] = [
            {"path": detail.path, "code": detail.code, "message": detail.message} for detail in error.details
        ]
    return {"error": body}


def details_of(errors: Any, *, prefix: str = "") -> Iterator[Detail]:
    """Flatten DRF's nested errors into details with dotted paths; list positions count as members."""
    if isinstance(errors, dict):
        for name, inner in errors.items():
            here = prefix if name == "non_field_errors" else f"{prefix}.{name}".lstrip(".")
            yield from details_of(inner, prefix=here)
    elif isinstance(errors, list | tuple):
        for position, inner in enumerate(errors):
            nested = isinstance(inner, dict | list)
            yield from details_of(inner, prefix=f"{prefix}.{position}" if nested else prefix)
    else:
        yield Detail(path=prefix, code=getattr(errors, "code", "invalid"), message=str(errors))


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: one shape for everything that a view raises."""
    error = domain_error(exc)
    return Response(envelope(error), status=error.status, headers=error.headers)


def domain_error(exc: Exception) -> DomainError:
    """Return the domain error that says what `exc` means to a caller; the unforeseen is logged."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, AWAY):
        log.exception("database_unavailable", exc_info=exc)
        return Unavailable("The service is not available at the moment. Nothing was done.")
    known = _framework_error(exc)
    if known is None:
        log.error("unforeseen_error", exc_info=exc)
        return InternalError("Something went wrong on our side. It has been logged under the correlation id.")
    return known


# What the frameworks raise, as what we call it.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[DomainError], str], ...] = (
    ((drf.ParseError,), InvalidJson, "The body could not be read."),
    ((Http404, drf.NotFound, PermissionDenied), NotFound, "There is nothing here."),
    ((drf.MethodNotAllowed,), MethodNotAllowed, "This path does not know this method; see the header Allow."),
    ((drf.NotAcceptable,), NotAcceptable, "This API answers with application/json only."),
    ((drf.UnsupportedMediaType,), UnsupportedMediaType, "Send the body as application/json."),
    ((RequestDataTooBig,), PayloadTooLarge, "The body has too many bytes."),
    ((SuspiciousOperation, UnreadablePostError), BadRequest, "The request could not be read."),
)


def _framework_error(exc: Exception) -> DomainError | None:
    if isinstance(exc, drf.ValidationError):
        return ValidationFailed(INVALID_FIELDS, details=tuple(details_of(exc.detail)))
    for types, error, message in _MEANINGS:
        if isinstance(exc, types):
            return error(message)
    return None


def _json(error: DomainError) -> HttpResponse:
    return JsonResponse(envelope(error), status=error.status, headers=error.headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, for requests that reach no view."""
    if not request.path.startswith(_API_PREFIX):
        return defaults.bad_request(request, exception)
    if isinstance(exception, DisallowedHost):
        return _json(BadRequest("This server does not answer under the host name of the request."))
    return _json(BadRequest("The request could not be read."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if not request.path.startswith(_API_PREFIX):
        return defaults.page_not_found(request, exception)
    hint = " Paths of this API have no trailing slash." if re.search(r"[^/]/$", request.path) else ""
    return _json(NotFound(f"There is nothing at this path.{hint}"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what no view caught."""
    if not request.path.startswith(_API_PREFIX):
        return defaults.server_error(request)
    return _json(InternalError("Something went wrong on our side. It has been logged."))
