"""Changing a draft by menu: give a target to somebody, leave it out, lock it. Each is re-checked at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import posted, shown
from ordinavo.kernel.errors import DomainError
from ordinavo.tenants.staff import actor_of
from targets.models import Target
from targets.routes.admin.forms import SeenForm
from targets.routes.admin.steps import SuggestionPage, found
from targets.routes.models import Route, RouteSuggestion, Stop
from targets.routes.services.asking import MOST_STOPS
from targets.routes.services.editing import Edit, leave_out, lock_stop, place_target
from targets.visits.models import Employee
from targets.visits.selectors.days import working_days

# What was done, and the rules that it broke.
Done = tuple[str, list[str]]


class MenuForm(SeenForm):
    """What is done to a target; `position` counts from 1, without it the best one is found."""

    verb = forms.CharField(max_length=20)
    employee = forms.IntegerField(required=False, min_value=1)
    position = forms.IntegerField(required=False, min_value=1, max_value=MOST_STOPS)


def menu(page: SuggestionPage, request: HttpRequest, object_id: str, target_id: int) -> HttpResponse:
    """Show what can be done with a target of the suggestion, or do it.

    The page of the suggestion puts the menu beside the target; without scripts it is a page of its own.
    """
    suggestion = found(page, request, object_id)
    target = Target.objects.filter(tenant=suggestion.tenant_id, pk=target_id).first()
    stop = _stop(suggestion, target_id)
    if target is None or (stop is None and not suggestion.exclusions.filter(target=target_id).exists()):
        raise Http404
    if request.method == "POST":
        return _perform(request, suggestion, target)
    context = {**_choices(suggestion, stop), "target": target, "stop": stop, "suggestion": suggestion}
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "admin/routes/menu.html", context)
    context |= {"title": f"Change {target}", "back": show.page_of(suggestion)}
    return shown(page, request, suggestion, "admin/routes/menu_page.html", **context)


def _stop(suggestion: RouteSuggestion, target_id: int) -> Stop | None:
    stops = Stop.objects.filter(route__suggestion=suggestion, target=target_id)
    return stops.select_related("route__employee").first()


def _choices(suggestion: RouteSuggestion, stop: Stop | None) -> dict[str, Any]:
    """Return to whom the target can be given: who works that day and has no published route."""
    fixed = suggestion.routes.exclude(status__in=Route.CHANGEABLE).values_list("employee", flat=True)
    days = working_days(suggestion.tenant, suggestion.route_date)
    able = [one.employee for one in days if one.employee.start_latitude is not None]
    people = sorted((one for one in able if one.pk not in set(fixed)), key=lambda one: one.name)
    return {"people": people, "current": stop.route.employee_id if stop else None}


def _perform(request: HttpRequest, suggestion: RouteSuggestion, target: Target) -> HttpResponse:
    form = MenuForm(posted(request))
    path = f"{show.page_of(suggestion)}#target-{target.pk}"
    if not form.is_valid():
        messages.error(request, "Choose what is to be done, with a position from 1 on.")
        return HttpResponseRedirect(path)
    edit = Edit(suggestion, form.cleaned_data["revision"], actor_of(request))
    verb = _VERBS.get(form.cleaned_data["verb"])
    if verb is None:
        raise Http404
    try:
        said, broken = verb(edit, target, form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.add_message(
            request, messages.WARNING if broken else messages.SUCCESS, " ".join([said, *broken])
        )
    return HttpResponseRedirect(path)


def _place(edit: Edit, target: Target, given: dict[str, Any]) -> Done:
    employee = Employee.objects.filter(tenant=edit.suggestion.tenant_id, pk=given["employee"]).first()
    if employee is None:
        raise Http404
    position = given["position"]
    place_target(edit=edit, target_id=target.pk, employee_id=employee.pk, position=position)
    broken = _broken(edit.suggestion, employee)
    return f"{target} was given to {employee}{', which breaks rules:' if broken else '.'}", broken


def _broken(suggestion: RouteSuggestion, employee: Employee) -> list[str]:
    """Return what is wrong with the employee's route, each only once."""
    route = suggestion.routes.filter(employee=employee).prefetch_related("stops").first()
    if route is None:
        return []
    found = [*route.violations, *(one for stop in route.stops.all() for one in stop.violations)]
    return list(dict.fromkeys(one["message"] for one in found))


def _leave_out(edit: Edit, target: Target, given: dict[str, Any]) -> Done:
    leave_out(edit=edit, target_id=target.pk)
    return f"{target} is left out.", []


def _lock(edit: Edit, target: Target, given: dict[str, Any]) -> Done:
    lock_stop(edit=edit, target_id=target.pk, locked=True)
    return f"{target} stays with its person when you plan again.", []


def _unlock(edit: Edit, target: Target, given: dict[str, Any]) -> Done:
    lock_stop(edit=edit, target_id=target.pk, locked=False)
    return f"{target} may move when you plan again.", []


_VERBS: dict[str, Callable[[Edit, Target, dict[str, Any]], Done]] = {
    "place": _place,
    "leave_out": _leave_out,
    "lock": _lock,
    "unlock": _unlock,
}
