"""Who is at the phone: the cookie of a device, checked with each request; their language and clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from targets.visits.models import Device, Employee, Language
from targets.visits.selectors.days import zone_of
from targets.visits.selectors.devices import KEPT, working_device
from targets.visits.services.devices import note_seen

COOKIE = "myday_device"
COOKIE_PATH = "/myday/"
_SAFE = ("GET", "HEAD")

P = ParamSpec("P")


class EmployeeRequest(HttpRequest):
    """A request of an employee who is logged in."""

    employee: Employee
    device: Device


def employee_required(
    view: Callable[Concatenate[EmployeeRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only employees in, in their language and time zone; all others are led to the log-in.

    The view finds `request.employee` (with tenant and user) and `request.device`.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        device = device_of(request)
        if device is None:
            return to_login(request)
        mine = cast("EmployeeRequest", request)
        mine.device, mine.employee = device, device.employee
        with _speaking(language_of(request, device.employee)), timezone.override(_zone(device.employee)):
            response = _rendered(view(mine, *args, **kwargs))
        # Not `no-store`: a phone with a bad line may go back to the page it just left.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if note_seen(device=device) and COOKIE not in response.cookies:
            stay_logged_in(response, request.COOKIES[COOKIE])
        return response

    return answer


def for_anybody(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show a page in the language that the phone asks for; no copy of it is kept anywhere."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with _speaking(language_of(request)):
            response = _rendered(view(request, *args, **kwargs))
        add_never_cache_headers(response)
        return response

    return answer


def device_of(request: HttpRequest) -> Device | None:
    """Return the device that a request comes from, if it is logged in."""
    return working_device(request.COOKIES.get(COOKIE, ""))


def to_login(request: HttpRequest) -> HttpResponse:
    """Lead to the log-in, and from there back to the page that was asked for."""
    back = request.get_full_path() if request.method in _SAFE else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return HttpResponseRedirect(reverse("myday:login") + query)


def after_login(request: HttpRequest) -> str:
    """Return the path of MyDay that a log-in shall lead to."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(COOKIE_PATH)
    return wanted if ours else reverse("myday:today")


def stay_logged_in(response: HttpResponse, secret: str) -> None:
    """Let the browser keep the secret of its device; each visit prolongs that."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_login(response: HttpResponse) -> None:
    """Let the browser drop the secret of its device."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")


def language_of(request: HttpRequest, employee: Employee | None = None) -> str:
    """Return what MyDay speaks: what the employee chose, else what the phone asks for."""
    if employee is not None and employee.language:
        return employee.language
    asked = translation.get_language_from_request(request)
    return next((str(known) for known in Language.values if asked.startswith(known)), Language.ENGLISH.value)


def _zone(employee: Employee) -> Any:
    return zone_of(employee, employee.tenant)


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    with translation.override(language):
        yield


def _rendered(response: HttpResponse) -> HttpResponse:
    """Render what would otherwise be rendered later, in another language."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        return cast("HttpResponse", response.render())
    return response
