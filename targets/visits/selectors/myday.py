"""What an employee may see on the phone: their own stops, and what happened before at the same place.

Each function is one statement. Prices, other people and doubts about the mapping are not read at all.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from ordinavo.kernel.errors import NotFound
from targets.visits.models import Appointment, Attachment, Employee, VisitReport

# How far an employee may look around, and how long what was not handed in is asked for.
DAYS_AROUND = timedelta(days=7)
DAYS_OWED = timedelta(days=62)
MOST_OWED = 20
EARLIER_VISITS = 5

_STATUS, _REPORT = Appointment.Status, VisitReport.Status
_DONE = (_STATUS.COMPLETED, _STATUS.PROBLEM_REPORTED)
# A list needs the names; the texts of a stop are read with the stop.
_LISTED = (
    "target__title",
    "target__revision",
    "target__priority",
    "target__street",
    "target__postal_code",
    "target__city",
    "target__latitude",
    "target__longitude",
    "target__time_window_start",
    "target__time_window_end",
    "target__fixed_time",
    "target__customer_text",
    "target__customer__name",
    "target__location__name",
    "target__location__street",
    "target__location__postal_code",
    "target__location__city",
    "target__location__latitude",
    "target__location__longitude",
    "report__status",
    "report__rejection_reason",
)
_OWN = (
    "tenant_id",
    "employee_id",
    "day",
    "sequence",
    "status",
    "planned_start",
    "planned_end",
    "started_at",
    "ended_at",
    "target_revision",
    "cancelled_because",
)


@dataclass(frozen=True, slots=True)
class EarlierVisit:
    """A visit of the past to the same customer: when, how it went, and what was written. Nobody's name."""

    day: date
    title: str
    result: str
    summary: str


def stops_of_day(employee: Employee, day: date) -> list[Appointment]:
    """Return the employee's stops of a day in their order, with what a list shows of each."""
    rows = _own(employee).filter(day=day).order_by("sequence", "planned_start", "id")
    return list(_listed(rows))


def owed_before(employee: Employee, day: date) -> list[Appointment]:
    """Return stops of earlier days that are begun, or whose report is missing or came back; newest first."""
    missing = Q(report=None) | Q(report__status__in=(_REPORT.DRAFT, _REPORT.REJECTED))
    rows = _own(employee).filter(
        Q(status=_STATUS.STARTED) | Q(missing, status__in=_DONE), day__lt=day, day__gte=day - DAYS_OWED
    )
    return list(_listed(rows).order_by("-day", "sequence")[:MOST_OWED])


def stop_of(employee: Employee, appointment_id: int) -> Appointment:
    """Return a stop of the employee's with all that may be read of it; files in one more statement.

    Raises `NotFound` for another employee's.
    """
    rows = _own(employee).select_related(
        "target__customer", "target__location", "target__contact", "target__template", "report"
    )
    hidden = ("expected_revenue", "customer_tier", "close_probability", "mapping")
    files = Prefetch("report__attachments", Attachment.objects.order_by("id"))
    stop = rows.defer(*(f"target__{name}" for name in hidden), "report__internal_notes").prefetch_related(
        files
    )
    found = stop.filter(pk=appointment_id).order_by().first()
    if found is None:
        raise NotFound("This stop is not on your list.")
    return found


def file_of(employee: Employee, appointment_id: int, attachment_id: int) -> Attachment:
    """Return a file of a report of the employee's. Raises `NotFound` for any other."""
    rows = Attachment.objects.filter(
        report__appointment_id=appointment_id,
        report__appointment__employee=employee,
        report__tenant_id=employee.tenant_id,
    )
    found = rows.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such file.")
    return found


def earlier_visits(stop: Appointment) -> list[EarlierVisit]:
    """Return the last visits to the same location, or to the same customer where no location is known."""
    target = stop.target
    if target.location_id is None and target.customer_id is None:
        return []
    same: dict[str, Any] = {"target__customer_id": target.customer_id}
    if target.location_id is not None:
        same = {"target__location_id": target.location_id}
    rows = Appointment.objects.filter(
        tenant_id=stop.tenant_id,
        status__in=_DONE,
        planned_start__lt=stop.planned_start,
        report__status__in=(_REPORT.SUBMITTED, _REPORT.APPROVED),
        **same,
    ).exclude(pk=stop.pk)
    told = rows.order_by("-planned_start").values_list(
        "day", "target__title", "report__result", "report__summary"
    )
    return [EarlierVisit(*row) for row in told[:EARLIER_VISITS]]


def is_owed(stop: Appointment) -> bool:
    """Whether the employee owes the report of this stop, or may still write it."""
    report: VisitReport | None = getattr(stop, "report", None)
    begun = stop.status in (_STATUS.STARTED, *_DONE)
    return begun and (report is None or report.status in (_REPORT.DRAFT, _REPORT.REJECTED))


def lateness(stop: Appointment, now: datetime) -> timedelta:
    """Return by how much a stop that waits should have begun already; zero if it is on time."""
    if stop.status != _STATUS.SCHEDULED:
        return timedelta(0)
    return max(timedelta(0), now - stop.planned_start)


def _own(employee: Employee) -> QuerySet[Appointment]:
    return Appointment.objects.filter(tenant_id=employee.tenant_id, employee=employee)


def _listed(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    linked = rows.select_related("target__customer", "target__location", "report")
    return linked.only(*_OWN, *_LISTED)
