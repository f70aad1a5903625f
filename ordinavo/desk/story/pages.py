"""The story of a target, and the search that leads to it."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from ordinavo.desk.panels.figures import listed
from ordinavo.desk.story.finding import MOST_FOUND, find_targets
from ordinavo.desk.story.imported import import_lines, review_lines
from ordinavo.desk.story.lines import Line, Window
from ordinavo.desk.story.told import event_lines
from ordinavo.desk.story.worked import (
    billing_lines,
    follow_up_lines,
    other_lines,
    report_lines,
    reports_of,
    route_lines,
    visit_lines,
    visits_of,
)
from ordinavo.kernel.admin.scope import scoped, tenant_of
from ordinavo.kernel.api import LARGEST_ID
from targets.admin import STATUS
from targets.models import Target

_LONGEST_TERM = 200


def find(request: HttpRequest) -> HttpResponse:
    """Lead to the story that is meant, or show which ones may be."""
    _require_view(request)
    tenant = tenant_of(request)
    term = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_TERM]
    found = find_targets(term, tenant=tenant) if term and tenant else []
    if len(found) == 1:
        return HttpResponseRedirect(reverse("desk:story", args=[found[0].target.pk]))
    context = {
        "title": "What happened to a target?",
        "term": term,
        "found": [(one, STATUS.get(one.target.get_status_display(), "")) for one in found],
        "is_cut": len(found) == MOST_FOUND,
        "needs_tenant": not tenant,
        "items": listed("imports_importitem", q=term),
    }
    return TemplateResponse(request, "admin/desk/found.html", {**admin.site.each_context(request), **context})


def story(request: HttpRequest, target_id: int) -> HttpResponse:
    """Tell a target's story, a page at a time."""
    _require_view(request)
    target = _target(request, target_id)
    window = _window(request)
    lines, onward = window.page(_lines(request, target, window))
    context = {
        "title": f"Story of {target.external_id or target.title}",
        "target": target,
        "status_kind": STATUS.get(target.get_status_display(), ""),
        "lines": lines,
        "newest_first": window.newest_first,
        "turned": _path(target, newest_first=not window.newest_first),
        "begin": _path(target, newest_first=window.newest_first) if window.beyond else "",
        "onward": _path(target, newest_first=window.newest_first, beyond=onward) if onward else "",
    }
    return TemplateResponse(request, "admin/desk/story.html", {**admin.site.each_context(request), **context})


def _require_view(request: HttpRequest) -> None:
    if not request.user.has_perm("targets.view_target"):
        raise PermissionDenied


def _target(request: HttpRequest, target_id: int) -> Target:
    rows = scoped(Target.objects.all(), tenant=tenant_of(request), request=request, path="tenant")
    known = rows.select_related("tenant", "source_system", "customer", "location", "contact", "follow_up_of")
    target = known.filter(pk=target_id).first() if target_id <= LARGEST_ID else None
    if target is None:
        raise Http404
    return target


def _window(request: HttpRequest) -> Window:
    newest_first = request.GET.get("order") != "oldest"
    return Window(newest_first, _moment(request.GET.get("beyond", "")))


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _path(target: Target, *, newest_first: bool, beyond: datetime | None = None) -> str:
    query = {"order": "" if newest_first else "oldest", "beyond": beyond.isoformat() if beyond else ""}
    said = urlencode({name: value for name, value in query.items() if value})
    return reverse("desk:story", args=[target.pk]) + (f"?{said}" if said else "")


def _lines(request: HttpRequest, target: Target, window: Window) -> Iterator[Line]:
    """Yield from every room what this person may see of it."""
    may = request.user.has_perm
    visits = visits_of(target)
    reports = reports_of(visits)
    if may("imports.view_importitem"):
        lines, items = import_lines(target, window)
        yield from lines
        if may("imports.view_mappingreview"):
            yield from review_lines(target, items)
    yield from follow_up_lines(target)
    if may("routes.view_routesuggestion"):
        yield from route_lines(target)
    if may("visits.view_appointment"):
        yield from visit_lines(visits)
    told = list(report_lines(reports))
    yield from other_lines(target, told)
    if may("visits.view_visitreport"):
        yield from told
    if may("visits.view_billingevent"):
        yield from billing_lines(reports)
    if may("webhooks.view_event"):
        sent = bool(may("webhooks.view_delivery"))
        yield from event_lines(target, window, visits=visits, reports=reports, deliveries=sent)
