"""The blocks of events about visits. Who came, and what managers noted, is in none of them."""

from customers.selectors.blocks import Block
from ordinavo.kernel.instants import instant
from targets.visits.models import Appointment, BillingEvent, VisitReport
from webhooks.catalog.members import SUMMARY_LENGTH

REPORT = VisitReport._meta.label_lower


def appointment_block(appointment: Appointment) -> Block:
    """Return the block of an appointment; who comes is not told."""
    return {
        "id": appointment.pk,
        "status": appointment.status,
        "targetId": appointment.target_id,
        "startUtc": instant(appointment.planned_start),
        "endUtc": instant(appointment.planned_end),
        "startedAtUtc": instant(appointment.started_at),
        "endedAtUtc": instant(appointment.ended_at),
    }


def report_block(report: VisitReport, attachments: int) -> Block:
    """Return the block of a report with that many files; reads appointment, target and its location."""
    return {
        "id": report.pk,
        "title": title_of(report),
        "status": report.status,
        "result": report.result or None,
        "followUpRequired": report.follow_up_required,
        "isBillable": report.is_billable,
        "billingStatus": report.billing_status,
        "attachmentCount": attachments,
        "summaryPreview": report.summary[:SUMMARY_LENGTH] or None,
    }


def billing_block(event: BillingEvent, report: VisitReport) -> Block:
    """Return the block of a report's billing event; what is in `details` needs an option."""
    appointment = report.appointment
    return {
        "id": event.pk,
        "status": event.status,
        "sourceType": "VisitReport",
        "visitReportId": report.pk,
        "targetId": appointment.target_id,
        "appointmentId": appointment.pk,
        "createdAtUtc": instant(event.created_at),
        "details": {
            "workMinutes": event.work_minutes,
            "travelMinutes": event.travel_minutes,
            "startedAtUtc": instant(appointment.started_at),
            "endedAtUtc": instant(appointment.ended_at),
        },
    }


def title_of(report: VisitReport) -> str:
    """Return the title of a report's target, and where that is."""
    target = report.appointment.target
    return target.title if target.location is None else f"{target.title} - {target.location.name}"
