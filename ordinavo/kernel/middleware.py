"""Gives every request its ids, binds them to the log, and writes one line when it is answered."""

from collections.abc import Callable
from time import perf_counter

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from ordinavo.kernel import correlation

log = structlog.get_logger("ordinavo.request")

HEADER = "X-Correlation-Id"
_QUIET = {"/healthz", "/readyz"}
POLICY = "Content-Security-Policy"


def request_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost middleware: correlation and request ids for logs, errors and the answer's header."""

    def answer(request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        correlation_id = correlation.accepted(request.headers.get(HEADER))
        request_id = correlation.new_id()
        correlation.correlation_id.set(correlation_id)
        correlation.request_id.set(request_id)
        clear_contextvars()
        bind_contextvars(correlation_id=correlation_id, request_id=request_id)
        response = get_response(request)
        response.headers[HEADER] = correlation_id
        if request.path not in _QUIET:
            _log_line(request, response, seconds=perf_counter() - started)
        return response

    return answer


def _log_line(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    # The path only: query strings may carry personal data (a search for a name).
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell browsers what a page may load and run; a view that sets a policy of its own keeps it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(POLICY, settings.CONTENT_SECURITY_POLICY)
        return response

    return answer
