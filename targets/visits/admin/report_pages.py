"""What managers do about one report: each asks once more, says what happened, and leads to the next one."""

from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted
from ordinavo.kernel.admin.scope import tenant_of
from ordinavo.tenants.staff import actor_of
from targets.visits.admin.report_forms import ApproveForm, FollowUpForm, NotesForm, RejectForm, seen_on_page
from targets.visits.admin.report_shown import name_of
from targets.visits.minutes import worked_minutes
from targets.visits.models import VisitReport
from targets.visits.selectors.reports import next_to_approve, report_of
from targets.visits.services.approving import approve_report, ask_follow_up, note_internally, reject_report

TEMPLATE = "admin/visits/report_verb.html"


class ReportPage(Protocol):
    """What these pages need of the reports' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> VisitReport | None:
        """Return the report if it is the tenant's own."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may see reports."""

    def may_decide(self, request: HttpRequest) -> bool:
        """Whether the person may decide about them."""


def approve(page: ReportPage, request: HttpRequest, report_id: int) -> HttpResponse:
    """Approve a report; the notes of its author are added."""
    report = _found(page, request, report_id)
    form = ApproveForm(posted(request), initial=seen_on_page(request, report))

    def perform() -> HttpResponse:
        approved = approve_report(**_whose(request, report), **form.cleaned_data)
        return _on(request, report, f"{name_of(report)} is approved.{_consequences(approved)}")

    return _ask(
        page,
        request,
        report,
        perform,
        form=form,
        title=f"Approve: {name_of(report)}",
        explanation=_foretold(report),
        submit_text="Approve",
    )


def reject(page: ReportPage, request: HttpRequest, report_id: int) -> HttpResponse:
    """Give a report back with a reason."""
    report = _found(page, request, report_id)
    form = RejectForm(posted(request), initial=seen_on_page(request, report))

    def perform() -> HttpResponse:
        reject_report(**_whose(request, report), **form.cleaned_data)
        return _on(request, report, f"{name_of(report)} went back to {report.employee}.")

    return _ask(
        page,
        request,
        report,
        perform,
        form=form,
        title=f"Give back: {name_of(report)}",
        explanation=f"{report.employee} can change the report and hands it in again. Nothing is billed yet.",
        submit_text="Give back",
        danger=True,
    )


def follow_up(page: ReportPage, request: HttpRequest, report_id: int) -> HttpResponse:
    """Let a report ask for another visit."""
    report = _found(page, request, report_id)
    known = {"day": report.follow_up_date, "note": report.follow_up_note}
    form = FollowUpForm(posted(request), initial={**seen_on_page(request, report), **known})
    at_once = report.status == VisitReport.Status.APPROVED

    def perform() -> HttpResponse:
        asked = ask_follow_up(**_whose(request, report), **form.cleaned_data)
        made = f" {asked.follow_up_target} was made." if asked.follow_up_target else ""
        return done(request, f"A follow-up is asked for.{made}", show.page_of(report))

    return _ask(
        page,
        request,
        report,
        perform,
        form=form,
        title=f"Ask for a follow-up: {name_of(report)}",
        explanation="A new target for the same customer and site is made at once."
        if at_once
        else "A new target for the same customer and site is made when you approve the report.",
        submit_text="Make the follow-up" if at_once else "Ask for it",
    )


def note(page: ReportPage, request: HttpRequest, report_id: int) -> HttpResponse:
    """Change the internal notes."""
    report = _found(page, request, report_id)
    form = NotesForm(posted(request), initial={"seen": report.internal_notes, "notes": report.internal_notes})

    def perform() -> HttpResponse:
        note_internally(**_whose(request, report), **form.cleaned_data)
        return done(request, "The internal notes are saved.", show.page_of(report))

    return _ask(
        page,
        request,
        report,
        perform,
        form=form,
        title=f"Internal notes: {name_of(report)}",
        submit_text="Save",
    )


def following(page: ReportPage, request: HttpRequest, report_id: int) -> HttpResponse:
    """Lead to the report that waits next; after the last one to the list."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    return _next(request, report_id)


def _found(page: ReportPage, request: HttpRequest, report_id: int) -> VisitReport:
    """Return the report; one that is not the tenant's own is not found."""
    report = page.get_object(request, str(report_id))
    if report is None:
        raise Http404
    if not page.may_decide(request):
        raise PermissionDenied
    return report_of(tenant=tenant_of(request), report_id=report_id)


def _whose(request: HttpRequest, report: VisitReport) -> dict[str, Any]:
    return {"tenant": tenant_of(request), "report_id": report.pk, "actor": actor_of(request)}


def _ask(
    page: ReportPage, request: HttpRequest, report: VisitReport, perform: Any, **context: Any
) -> HttpResponse:
    shared = {"template": TEMPLATE, "back": show.page_of(report), "away_text": "Not now", **context}
    return ask(page, request, report, perform, **shared)


def _on(request: HttpRequest, report: VisitReport, message: str) -> HttpResponse:
    messages.success(request, message)
    return _next(request, report.pk)


def _next(request: HttpRequest, after: int) -> HttpResponse:
    waiting = next_to_approve(tenant_of(request), after=after)
    if waiting is None:
        messages.info(request, "No other report waits for you.")
        return HttpResponseRedirect(reverse("admin:visits_visitreport_changelist"))
    return HttpResponseRedirect(show.page_of(waiting))


def _foretold(report: VisitReport) -> str:
    """Return what approving will lead to."""
    parts = ["The outside system is told."]
    if report.follow_up_required:
        day = f" for {report.follow_up_date}" if report.follow_up_date else ""
        parts.append(f"A follow-up target{day} is made.")
    if not report.is_billable:
        parts.append("It is not billable.")
    elif report.tenant.is_test:
        parts.append("This is a test tenant: nothing is billed.")
    else:
        minutes = worked_minutes(report)
        known = f"{minutes} minutes" if minutes else "minutes that nobody knows yet"
        parts.append(f"A billing event is made, for {known}.")
    return " ".join(parts)


def _consequences(report: VisitReport) -> str:
    made = report.follow_up_target
    billed = VisitReport.Billing(report.billing_status)
    told = [f"{made} was made." if made else ""]
    if billed == VisitReport.Billing.PENDING:
        told.append("Its billing event waits for customer or minutes.")
    if billed == VisitReport.Billing.READY:
        told.append("Its billing event is ready.")
    return "".join(f" {one}" for one in told if one)
