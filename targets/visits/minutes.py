"""How long a visit was to take, and how long it took."""

from math import ceil

from targets.visits.models import Appointment, VisitReport

_MINUTE = 60


def planned_minutes(appointment: Appointment) -> int:
    """Return the minutes of work that were planned."""
    return round((appointment.planned_end - appointment.planned_start).total_seconds() / _MINUTE)


def measured_minutes(appointment: Appointment) -> int | None:
    """Return the minutes between start and end by the phone's clock, begun ones whole; None without both."""
    if appointment.started_at is None or appointment.ended_at is None:
        return None
    seconds = (appointment.ended_at - appointment.started_at).total_seconds()
    return ceil(seconds / _MINUTE) if seconds > 0 else None


def worked_minutes(report: VisitReport) -> int | None:
    """Return the minutes that count: those that the employee wrote, else those between start and end."""
    return report.used_minutes or measured_minutes(report.appointment)
