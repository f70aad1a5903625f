"""What managers decide about visit reports, each in one transaction with what follows from it.

`version` is that of the report which the manager saw: whoever comes second with an older one is told.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.kernel.saving import invalid_field
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit
from targets.visits.events import tell_reports
from targets.visits.models import VisitReport
from targets.visits.services.billing import open_billing
from targets.visits.services.follow_ups import create_follow_up
from targets.visits.services.locking import lock_reports
from targets.visits.services.noting import note_report
from targets.visits.states import move_report
from webhooks.catalog.types import REPORT_APPROVED, REPORT_FOLLOW_UP, REPORT_REJECTED

Status = VisitReport.Status
LONGEST_TEXT = 10_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

_DECIDED = ["status", "version", "decided_at", "decided_by", "updated_at"]


@transaction.atomic
def approve_report(
    *,
    tenant: Tenant,
    report_id: int,
    actor: User | None,
    version: int | None = None,
    file_count: int | None = None,
    internal_notes: str = "",
) -> VisitReport:
    """Approve a report that was handed in, and return it.

    A follow-up that it asks for becomes a target; a billable one becomes a billing event, outside test twins.
    Told as `visit_report.approved`, `target.follow_up_created`, `billing.event_created` and, if nothing is
    missing, `billing.event_ready`. `internal_notes` are added to those there are. Raises `NotFound` and
    `Conflict`, also if there are not `file_count` files, as the manager saw: photos may arrive late.
    """
    report = _locked(tenant, report_id, version)
    if file_count is not None and report.attachments.count() != file_count:
        raise Conflict("Photos or files came meanwhile. Look at the report again.")
    _decide(report, Status.APPROVED, actor)
    report.rejection_reason = ""
    _add_notes(report, internal_notes)
    report.save(update_fields=[*_DECIDED, "rejection_reason", "internal_notes"])
    _note("visit_report.approved", report, actor)
    tell_reports([report], REPORT_APPROVED)
    if report.follow_up_required:
        create_follow_up(report=report, actor=actor)
    open_billing(report=report)
    return report


@transaction.atomic
def reject_report(
    *, tenant: Tenant, report_id: int, actor: User | None, reason: str, version: int | None = None
) -> VisitReport:
    """Give a report back to the employee with a reason, and return it. Raises like `approve_report`."""
    reason = _text(reason, "reason")
    if not reason:
        raise invalid_field("reason", "Say what is to be changed.")
    report = _locked(tenant, report_id, version)
    _decide(report, Status.REJECTED, actor)
    report.rejection_reason = reason
    report.save(update_fields=[*_DECIDED, "rejection_reason"])
    _note("visit_report.rejected", report, actor, reason=reason)
    tell_reports([report], REPORT_REJECTED)
    return report


@transaction.atomic
def ask_follow_up(
    *,
    tenant: Tenant,
    report_id: int,
    actor: User | None,
    day: date | None = None,
    note: str = "",
    version: int | None = None,
) -> VisitReport:
    """Let a report ask for another visit: a submitted one when it is approved, an approved one at once.

    Raises `Conflict` for one that the employee has, or that has its follow-up already.
    """
    note = _text(note, "note")
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise invalid_field("day", "Give a day of this century.")
    report = _locked(tenant, report_id, version)
    if report.status not in {Status.SUBMITTED, Status.APPROVED}:
        raise Conflict("The employee has this report: wait until it is handed in.")
    if report.follow_up_target_id is not None:
        raise Conflict("This report has a follow-up already.")
    report.follow_up_required, report.follow_up_date, report.follow_up_note = True, day, note
    report.version += 1
    names = ["follow_up_required", "follow_up_date", "follow_up_note", "version", "updated_at"]
    report.save(update_fields=names)
    _note("visit_report.follow_up_asked", report, actor, date=None if day is None else day.isoformat())
    tell_reports([report], REPORT_FOLLOW_UP)
    if report.status == Status.APPROVED:
        create_follow_up(report=report, actor=actor)
    return report


@transaction.atomic
def note_internally(
    *, tenant: Tenant, report_id: int, actor: User | None, notes: str, seen: str
) -> VisitReport:
    """Replace the internal notes, which never leave the house; `seen` are those that the author started from.

    The version stays: the employee's draft is not touched. `Conflict` if somebody else was faster.
    """
    notes = _text(notes, "notes")
    report = _locked(tenant, report_id, None)
    if _same(report.internal_notes) != _same(seen):
        raise Conflict("Somebody else changed the notes meanwhile. Read them, then add yours.")
    report.internal_notes = notes
    report.save(update_fields=["internal_notes", "updated_at"])
    record_audit(tenant=report.tenant, actor=actor, action="visit_report.noted", subject=report)
    return report


def _locked(tenant: Tenant, report_id: int, version: int | None) -> VisitReport:
    found = lock_reports(tenant=tenant, report_ids=[report_id])
    if not found:
        raise NotFound("There is no visit report with this id.")
    report = found[0]
    report.tenant = tenant
    if version is not None and report.version != version:
        raise Conflict(_changed(report))
    return report


def _changed(report: VisitReport) -> str:
    what = {
        Status.APPROVED: f"It was approved{_by(report)} meanwhile.",
        Status.REJECTED: f"It was given back{_by(report)} meanwhile.",
    }
    return f"{what.get(Status(report.status), 'It was changed meanwhile.')} Look at the report again."


def _by(report: VisitReport) -> str:
    return "" if report.decided_by is None else f" by {report.decided_by}"


def _decide(report: VisitReport, status: Status, actor: User | None) -> None:
    move_report(report, status)
    report.decided_at, report.decided_by = timezone.now(), actor
    report.version += 1


def _note(action: str, report: VisitReport, actor: User | None, **details: str | None) -> None:
    said = {name: value for name, value in details.items() if value}
    note_report(action, report, actor=actor, **said)
    record_audit(
        tenant=report.tenant,
        actor=actor,
        action=action,
        subject=report,
        details={"targetId": report.appointment.target_id, **said},
    )


def _add_notes(report: VisitReport, more: str) -> None:
    added = _text(more, "internal_notes")
    report.internal_notes = "\n".join(filter(None, (report.internal_notes, added)))


def _text(text: str, path: str) -> str:
    """Return the text without blanks around it; refuse what is too long, and what cannot be stored."""
    if len(text) > LONGEST_TEXT:
        raise invalid_field(path, f"At most {LONGEST_TEXT:,} characters.")
    return text.replace("\0", "").strip()


def _same(notes: str) -> str:
    # Browsers send line ends of their own.
    return notes.replace("\r\n", "\n").strip()
