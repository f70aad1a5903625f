"""What is not there, or not theirs any more, is answered with a page that leads on."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ordinavo.kernel.errors import NotFound
from targets.visits.pages.access import EmployeeRequest

P = ParamSpec("P")


def kindly(
    view: Callable[Concatenate[EmployeeRequest, P], HttpResponse],
) -> Callable[Concatenate[EmployeeRequest, P], HttpResponse]:
    """Answer 404 with a page of MyDay, whatever the reason: nobody learns what others have."""

    @wraps(view)
    def answer(request: EmployeeRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Http404, NotFound):
            return not_there(request)

    return answer


def not_there(request: EmployeeRequest) -> HttpResponse:
    """Return the page, or its sentence for a script."""
    if wants_json(request):
        message = _("This stop is not on your list any more. Ask the office.")
        return JsonResponse({"code": "not_found", "message": message}, status=404)
    return render(request, "myday/gone.html", status=404)


def wants_json(request: EmployeeRequest) -> bool:
    """Whether a script of ours asks, which keeps what was sent until it hears of it."""
    return request.headers.get("Accept", "").startswith("application/json")
