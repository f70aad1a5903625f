"""What the page of a report shows: what was asked for on the left, what was done on the right."""

from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.show import Cell
from targets import shown as targets
from targets.models import Target
from targets.visits.doubts import doubts_about, is_far
from targets.visits.marks import BILLING_STATUS, REPORT_STATUS, RESULT
from targets.visits.minutes import measured_minutes, planned_minutes, worked_minutes
from targets.visits.models import Appointment, Attachment, BillingEvent, VisitReport
from targets.visits.selectors.reports import attachments_of, earlier_reports, with_order

Status = VisitReport.Status
_PRIORITY = {"High": "warn", "Urgent": "bad"}


def shown(found: VisitReport, *, may_decide: bool) -> dict[str, Any]:
    """Return the context of the page; the report is read anew with all that is shown of it."""
    rows = with_order(VisitReport.objects.filter(pk=found.pk)).select_related(
        "tenant",
        "decided_by",
        "follow_up_target",
        "billing_event",
        "appointment__target__source_system",
        "appointment__target__template",
        "appointment__target__follow_up_of",
    )
    report = rows.get()
    files = attachments_of(report)
    return {
        "report": report,
        "deciding": may_decide and report.status == Status.SUBMITTED,
        "may_decide": may_decide,
        "may_follow_up": may_decide and _may_follow_up(report),
        "name": name_of(report),
        "marks": _marks(report),
        "doubts": doubts_about(report) if report.status == Status.SUBMITTED else [],
        "asked": _asked(report.appointment.target),
        "planned": _planned(report.appointment),
        "done": _done(report),
        "when": _when(report),
        "outcome": _outcome(report),
        "photos": [one for one in files if one.kind != Attachment.Kind.PDF],
        "seen": urlencode({"version": report.version, "file_count": len(files)}),
        "documents": [one for one in files if one.kind == Attachment.Kind.PDF],
        "earlier": earlier_reports(report),
    }


def name_of(report: VisitReport) -> str:
    """Return how staff call a report: by its target."""
    return targets.name_of(report.appointment.target)


def _may_follow_up(report: VisitReport) -> bool:
    decidable = report.status in {Status.SUBMITTED, Status.APPROVED}
    return decidable and report.follow_up_target_id is None


def _marks(report: VisitReport) -> list[tuple[str, str]]:
    status, result = report.get_status_display(), report.get_result_display()
    found = [(status, REPORT_STATUS.get(status, "")), (result, RESULT.get(result, ""))]
    if report.problem:
        found.append((report.get_problem_display(), "bad"))
    if report.follow_up_required:
        found.append(("Follow-up asked for", "info"))
    found.append(("Billable", "") if report.is_billable else ("Not billable", ""))
    return [(text, kind) for text, kind in found if text]


def _asked(target: Target) -> SafeString:
    priority = target.get_priority_display() if target.priority else ""
    return show.facts(
        (
            ("Target", targets.with_story(target)),
            ("External id", target.external_id),
            ("Source system", str(target.source_system)),
            ("Follow-up of", show.link_to(target.follow_up_of) if target.follow_up_of else ""),
            ("Template", str(target.template or target.template_key)),
            ("Priority", show.mark(priority, _PRIORITY.get(priority, "")) if priority else ""),
            ("What to do", _lines(target.description)),
            ("Customer", show.link_to(target.customer) if target.customer else "Not mapped"),
            ("Site", _site(target)),
            ("Contact", _contact(target)),
            *((name, targets.plain(value)) for name, value in target.custom_fields.items()),
        )
    )


def _planned(appointment: Appointment) -> SafeString:
    target = appointment.target
    window = _span(target.time_window_start, target.time_window_end)
    return show.facts(
        (
            ("Visit", show.link_to(appointment, _span(appointment.planned_start, appointment.planned_end))),
            ("Minutes planned", planned_minutes(appointment)),
            ("Asked for in", f"{window}{' (fixed)' if target.fixed_time else ''}" if window else ""),
            ("Due", str(target.due_date or "") or (show.when(target.due_at) if target.due_at else "")),
        )
    )


def _done(report: VisitReport) -> SafeString:
    return show.facts(
        (
            ("Employee", show.link_to(report.employee)),
            ("Minutes used", _minutes(report)),
            ("Summary", _lines(report.summary)),
            ("Problems", _lines(report.problems)),
            ("Follow-up on", str(report.follow_up_date or "")),
            ("Follow-up for", _lines(report.follow_up_note)),
        )
    )


def _when(report: VisitReport) -> SafeString:
    """By the phone's clock and, where that differs, when word of it arrived here."""
    visit = report.appointment
    lines = (
        ("Started", visit.started_at, visit.start_heard_at),
        ("Ended", visit.ended_at, visit.end_heard_at),
        ("Handed in", report.submitted_at, report.submission_heard_at),
    )
    rows = [(name, show.when(phone), show.when(here)) for name, phone, here in lines if phone or here]
    return show.table(("", "Phone's clock", "Arrived here"), rows, empty="Nothing was heard of it yet.")


def _outcome(report: VisitReport) -> SafeString | str:
    decided = f"{show.when(report.decided_at)} by {report.decided_by or 'the system'}"
    status = report.get_billing_status_display()
    bill: BillingEvent | None = getattr(report, "billing_event", None)
    billing = show.mark(status, BILLING_STATUS.get(status, ""))
    if report.tenant.is_test and report.is_billable:
        billing = format_html("{} {}", billing, "Nothing is billed in a test tenant.")
    return show.facts(
        (
            ("Decided", decided if report.decided_at else ""),
            ("Reason", _lines(report.rejection_reason)),
            ("Follow-up", show.link_to(report.follow_up_target) if report.follow_up_target else ""),
            ("Billing", billing),
            ("Billing event", show.link_to(bill) if bill else ""),
        )
    )


def _minutes(report: VisitReport) -> SafeString | str:
    planned, worked = planned_minutes(report.appointment), worked_minutes(report)
    if worked is None:
        return show.mark("Not known", "warn")
    measured = measured_minutes(report.appointment)
    beside = f"planned {planned}" + (f", measured {measured}" if measured else "")
    shown_as = show.mark(str(worked), "warn") if is_far(worked, planned) else worked
    return format_html("{} ({})", shown_as, beside)


def _site(target: Target) -> SafeString | str:
    site = target.location
    place = site if site is not None else target
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    parts: list[Cell] = [show.link_to(site) if site else "", place.street, town]
    if site is not None:
        parts += [f"Access: {site.access_notes}" if site.access_notes else ""]
        parts += [f"Parking: {site.parking_notes}" if site.parking_notes else ""]
    return show.joined(part for part in parts if part)


def _contact(target: Target) -> SafeString | str:
    contact = target.contact
    if contact is None:
        return ""
    parts: tuple[Cell, ...] = (show.link_to(contact), contact.role, contact.phone, contact.email)
    return show.joined(part for part in parts if part)


def _span(start: Any, end: Any) -> str:
    if not start and not end:
        return ""
    first = show.when(start) if start else "…"
    if not end:
        return f"{first} to …"
    same_day = start and localtime(start).date() == localtime(end).date()
    return f"{first} to {date_format(localtime(end), 'H:i') if same_day else show.when(end)}"


def _lines(text: str) -> SafeString | str:
    return format_html('<span class="ord-lines">{}</span>', text) if text else ""
