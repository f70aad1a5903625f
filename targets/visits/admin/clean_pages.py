"""Approving many: says first which reports are clean, and of the others why somebody should read them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ordinavo.kernel.admin.asking import shown
from ordinavo.kernel.admin.chosen import MOST_CHOSEN, ids_in
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.staff import actor_of
from targets.visits.admin.report_pages import ReportPage
from targets.visits.doubts import doubts_about
from targets.visits.models import VisitReport
from targets.visits.selectors.reports import chosen_reports
from targets.visits.services.approving_many import approve_many

_NAMED = 5


def page(page: ReportPage, request: HttpRequest) -> HttpResponse:
    """Show the clean ones among the chosen reports and the others; posted, approve the clean ones."""
    if not page.may_decide(request):
        raise PermissionDenied
    if request.method == "POST":
        return _approve(request)
    chosen = chosen_reports(tenant_of(request), ids_in(request.GET.get("reports", "")))
    judged = [(report, doubts_about(report)) for report in chosen]
    clean = [report for report, doubts in judged if not doubts]
    context: dict[str, Any] = {
        "title": "Approve clean reports",
        "clean": clean,
        "doubtful": [(report, doubts) for report, doubts in judged if doubts],
        "billable": sum(report.is_billable for report in clean),
        "back": reverse("admin:visits_visitreport_changelist"),
    }
    return shown(page, request, None, "admin/visits/reports_clean.html", **context)


def _approve(request: HttpRequest) -> HttpResponse:
    seen = _seen(request.POST.getlist("report"))
    done = approve_many(tenant=tenant_of(request), seen=seen, actor=actor_of(request))
    if done.approved:
        count = len(done.approved)
        messages.success(request, f"{count} report{'' if count == 1 else 's'} approved.")
    if done.left:
        messages.warning(request, _left(done.left))
    if not seen:
        messages.info(request, "There was nothing to approve.")
    return HttpResponseRedirect(reverse("admin:visits_visitreport_changelist"))


def _left(left: Sequence[tuple[VisitReport, str]]) -> str:
    named = "; ".join(f"{report.appointment.target}: {why}" for report, why in left[:_NAMED])
    more = f"; and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    return f"Not approved, since they changed meanwhile: {named}{more}"


def _seen(values: Sequence[str]) -> dict[int, int]:
    """Return id → version of what was shown as clean (`12:3`)."""
    found = {}
    for value in values[:MOST_CHOSEN]:
        ids = ids_in(value.replace(":", ","))
        if len(ids) == 2:
            found[ids[0]] = ids[1]
    return found
