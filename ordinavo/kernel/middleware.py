"""Gives every request its ids, binds them to the log, and writes one line when it is answered."""

from collections.abc import Callable
from time import perf_counter

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from structlog.contextvars import bind_contextvars, clear_contextvars

from ordinavo.kernel import correlation
from ordinavo.kernel.measures import note_request

log = structlog.get_logger("ordinavo.request")

HEADER = "X-Correlation-Id"
_OF_MACHINES = {"/healthz", "/readyz", "/metrics"}
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
        if request.path not in _OF_MACHINES:
            seconds = perf_counter() - started
            note_request(request, response, seconds=seconds)
            _log_line(request, response, seconds=seconds)
        _answer_head_without_body(request, response)
        return response

    return answer


def _answer_head_without_body(request: HttpRequest, response: HttpResponse) -> None:
    # The web server would drop it too, but with a warning for each.
    if request.method == "HEAD" and not response.streaming:
        length = response.headers.get("Content-Length", str(len(response.content)))
        response.content = b""
        response.headers["Content-Length"] = length


def _log_line(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    # The path only: query strings may carry personal data (a search for a name).
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )


def asked_by_machines(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer those who ask this very machine, by its address and without TLS: balancers, service managers and
    Prometheus. No host name is looked at, nobody is sent to https, no session is read."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path not in _OF_MACHINES:
            return get_response(request)
        found: HttpResponseBase = resolve(request.path).func(request)
        return found

    return answer


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell browsers what a page may load and run; a view that sets a policy of its own keeps it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(POLICY, settings.CONTENT_SECURITY_POLICY)
        return response

    return answer
