"""Filters for the desk's templates."""

from datetime import datetime
from typing import Any

from django import template

from ordinavo.desk.board import lateness
from targets.visits.models import Appointment
from targets.visits.selectors.board import State

register = template.Library()


@register.filter
def desk_words(stop: Any, now: datetime) -> str:
    """Return in words how a stop stands: colours alone tell nobody everything."""
    state = State(stop.state)
    if state is State.LATE:
        begun = "Under way, " if stop.status == Appointment.Status.STARTED else ""
        return f"{begun}{lateness(stop, now)} {'over' if begun else 'late'}"
    if state is State.TROUBLE:
        report = getattr(stop, "report", None)
        return (
            f"In trouble: {report.get_problem_display().lower()}"
            if report and report.problem
            else "In trouble"
        )
    return str(state.label)
