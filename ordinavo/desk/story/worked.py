"""The part of a story that people wrote: routes, visits, reports and bills, and staff's own changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from customers.models import TimelineEntry
from customers.selectors.history import timeline_of
from ordinavo.desk.story.lines import Line
from ordinavo.kernel.admin import show
from targets.models import Target
from targets.routes.models import Exclusion, Route, Stop
from targets.visits.minutes import worked_minutes
from targets.visits.models import Appointment, BillingEvent, VisitReport

MOST_VISITS = MOST_STOPS = 50
_TOLD = {
    "target.created",
    "target.scheduled",
    "target.follow_up_created",
    "appointment.started",
    "appointment.completed",
    "appointment.problem_reported",
    "appointment.cancelled",
}
# What reports' own rows tell, of several rounds the last one.
_BEGUN, _HANDED_IN = "visit_report.created", "visit_report.submitted"
_APPROVED, _REJECTED = "visit_report.approved", "visit_report.rejected"
_PARTS = {"appointment": "Visit", "visit_report": "Report"}


def route_lines(target: Target) -> Iterator[Line]:
    """Yield where the target was planned, and where it was left out and why: two statements."""
    stops = Stop.objects.filter(target=target, route__suggestion__tenant=target.tenant_id)
    for stop in stops.select_related("route__suggestion", "route__employee").order_by("-pk")[:MOST_STOPS]:
        yield from _stop(stop)
    left = Exclusion.objects.filter(target=target, suggestion__tenant=target.tenant_id)
    for one in left.select_related("suggestion").order_by("-pk")[:MOST_STOPS]:
        at = one.suggestion.solved_at or one.suggestion.created_at
        text = f"Left out of suggestion {one.suggestion_id} for {one.suggestion.route_date}: {one.message}"
        yield Line(at, "Route", text, show.page_of(one.suggestion), "warn", more=one.hint)


def _stop(stop: Stop) -> Iterator[Line]:
    route, suggestion = stop.route, stop.route.suggestion
    href = f"{show.page_of(suggestion)}#route-{route.number}"
    what = f"stop {stop.sequence} of {route.employee} on {suggestion.route_date}"
    made = suggestion.solved_at or suggestion.created_at
    yield Line(made, "Route", f"Planned as {what}, suggestion {suggestion.pk}", href, "info")
    if route.published_at and stop.appointment_id:
        by = f" by {route.published_by}" if route.published_by else ""
        taken_back = ", taken back since" if route.status == Route.Status.UNPUBLISHED else ""
        yield Line(route.published_at, "Route", f"Published as {what}{by}{taken_back}", href, "good")


def visits_of(target: Target) -> list[Appointment]:
    """Return the target's newest visits with reports and billing events: one statement."""
    rows = Appointment.objects.filter(tenant=target.tenant_id, target=target).select_related(
        "employee", "report__employee", "report__decided_by", "report__billing_event__marked_by"
    )
    return list(rows.order_by("-pk")[:MOST_VISITS])


def visit_lines(visits: Sequence[Appointment]) -> Iterator[Line]:
    """Yield what happened to visits."""
    for visit in visits:
        href, who = show.page_of(visit), visit.employee
        planned = f"{show.when(visit.planned_start)} to {show.when(visit.planned_end)[-5:]}"
        yield Line(visit.created_at, "Visit", f"Planned for {who}, {planned}", href, "info", rank=2)
        if visit.started_at:
            at = visit.start_heard_at or visit.started_at
            yield Line(at, "Visit", f"Begun by {who}{_phone(visit.started_at, at)}", href, "info")
        if visit.status == Appointment.Status.CANCELLED:
            why = show.words(visit.cancelled_because).lower()
            yield Line(visit.updated_at, "Visit", f"Cancelled: {why}" if why else "Cancelled", href, "warn")
        elif visit.ended_at:
            at, good = visit.end_heard_at or visit.ended_at, visit.status == Appointment.Status.COMPLETED
            text = f"{visit.get_status_display()} by {who}{_phone(visit.ended_at, at)}"
            yield Line(at, "Visit", text, href, "good" if good else "bad")


def _phone(said: Any, heard: Any) -> str:
    """Return what the phone's clock said, where word of it came later than a minute."""
    return f" at {show.when(said)} by the phone" if abs((heard - said).total_seconds()) > 60 else ""


def reports_of(visits: Sequence[Appointment]) -> list[VisitReport]:
    """Return the reports of visits, as they came along."""
    return [visit.report for visit in visits if hasattr(visit, "report")]


def report_lines(reports: Sequence[VisitReport]) -> Iterator[Line]:
    """Yield what happened to reports; of several rounds the last one."""
    for report in reports:
        href = show.page_of(report)
        yield Line(report.created_at, "Report", f"Begun by {report.employee}", href, action=_BEGUN)
        if report.submission_heard_at:
            yield _handed_in(report, report.submission_heard_at)
        if report.decided_at:
            yield _decided(report, report.decided_at)


def _handed_in(report: VisitReport, at: datetime) -> Line:
    minutes = worked_minutes(report)
    used = f", {minutes} minutes" if minutes else ""
    why = f": {report.get_problem_display().lower()}" if report.problem else ""
    text = f"Handed in: {report.get_result_display()}{why}{used}"
    return Line(at, "Report", text, show.page_of(report), "info", rank=1, action=_HANDED_IN)


def _decided(report: VisitReport, at: datetime) -> Line:
    by = report.decided_by or "the system"
    if report.status == VisitReport.Status.APPROVED:
        return Line(at, "Report", f"Approved by {by}", show.page_of(report), "good", action=_APPROVED)
    why = f": {report.rejection_reason}" if report.rejection_reason else ""
    return Line(at, "Report", f"Rejected by {by}{why}", show.page_of(report), "warn", action=_REJECTED)


def billing_lines(reports: Sequence[VisitReport]) -> Iterator[Line]:
    """Yield what happened to the billing events of reports."""
    for report in reports:
        event: BillingEvent | None = getattr(report, "billing_event", None)
        if event is None:
            continue
        href, by = show.page_of(event), f" by hand, {event.marked_by}" if event.marked_by else ""
        yield Line(event.created_at, "Billing", "Billing event made", href, "info", rank=1)
        for at, text, kind in (
            (event.ready_at, "Ready to bill", "info"),
            (event.failed_at, "Could not be sent", "bad"),
            (event.sent_at, f"Sent{by}", "good"),
        ):
            if at:
                yield Line(at, "Billing", text, href, kind, rank=2)


def other_lines(target: Target, told: Sequence[Line]) -> Iterator[Line]:
    """Yield what else people did, from the target's history: one statement. `told` has been told already.

    Of several rounds of a report its row knows the last one only: that is left out here, the others are not.
    """
    entries: Any = timeline_of(target, tenant_id=target.tenant_id)
    last = {(line.action, line.href) for line in told if line.action}
    for entry in entries:
        known = entry.action, _report_page(entry)
        if known in last:
            last.remove(known)
        elif entry.actor is not None and entry.action not in _TOLD:
            yield _by_hand(entry)


def _report_page(entry: TimelineEntry) -> str:
    report_id = entry.details.get("visitReportId") if isinstance(entry.details, dict) else None
    return reverse("admin:visits_visitreport_change", args=[report_id]) if report_id else ""


def _by_hand(entry: TimelineEntry) -> Line:
    details = entry.details if isinstance(entry.details, dict) else {}
    what = ", ".join(map(str, details.get("fields") or ())) or str(details.get("reason") or "")
    part = _PARTS.get(entry.action.partition(".")[0], "Staff")
    text = f"{show.words(entry.action)} by {entry.actor}{f': {what}' if what else ''}"
    return Line(entry.created_at, part, text)


def follow_up_lines(target: Target) -> Iterator[Line]:
    """Yield the targets that followed from this one, each with its own story: one statement."""
    rows = Target.objects.filter(tenant=target.tenant_id, follow_up_of=target)
    for one in rows.order_by("-pk")[:MOST_VISITS]:
        text = f"Follow-up made: {one.title} ({one.get_status_display().lower()})"
        yield Line(one.created_at, "Follow-up", text, reverse("desk:story", args=[one.pk]), "info", rank=3)
