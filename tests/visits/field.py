"""A day in the field for tests: visits that were published for today, and what an employee sends."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.visits.models import Appointment, Employee, VisitReport
from targets.visits.services.appointments import Visit, schedule_appointments
from targets.visits.services.reporting import ReportValues, save_draft, submit_report
from targets.visits.services.working import complete_appointment, report_problem, start_appointment
from tests.routes.rows import target
from tests.visits.rows import employee

_keys = count(1)
DONE = ReportValues(result="Successful", summary="Filter replaced.", used_minutes=40)


def key() -> str:
    """A key that no phone has used yet."""
    return f"key-{next(_keys)}"


def day_of(
    tenant: Tenant, stops: int = 1, *, who: Employee | None = None, **fields: Any
) -> list[Appointment]:
    """Visits of one employee, one each hour from now on, with targets as `fields` say."""
    who = who or employee(tenant)
    wanted = [target(tenant, **fields) for _ in range(stops)]
    return scheduled(wanted, who)


def scheduled(wanted: list[Target], who: Employee, *, start: datetime | None = None) -> list[Appointment]:
    """These targets as the employee's visits of today."""
    first = start or timezone.now().replace(microsecond=0)
    visits = [
        Visit(
            target=one,
            employee=who,
            day=first.astimezone(UTC).date(),
            sequence=number,
            start=first + timedelta(hours=number),
            end=first + timedelta(hours=number, minutes=30),
            travel_minutes=10,
            travel_meters=5000,
        )
        for number, one in enumerate(wanted, 1)
    ]
    return schedule_appointments(tenant=who.tenant, visits=visits, actor=None)


def start(one: Appointment, **given: Any) -> Appointment:
    """The employee starts to work."""
    return start_appointment(**_sent(one, given))


def complete(one: Appointment, **given: Any) -> Appointment:
    """The employee is done."""
    return complete_appointment(**_sent(one, given))


def problem(one: Appointment, **given: Any) -> VisitReport:
    """The employee can't do it."""
    return report_problem(**{"problem": "no_access", "text": "The gate is locked.", **_sent(one, given)})


def draft(one: Appointment, **given: Any) -> VisitReport:
    """The employee begins to write."""
    return save_draft(**{"version": None, "values": ReportValues(summary="So far"), **_sent(one, given)})


def submit(one: Appointment, **given: Any) -> VisitReport:
    """The employee hands the report in."""
    return submit_report(**{"version": None, "values": DONE, **_sent(one, given)})


def _sent(one: Appointment, given: dict[str, Any]) -> dict[str, Any]:
    usual = {"employee": one.employee, "appointment_id": one.pk, "key": key(), "at": timezone.now()}
    return {**usual, **given}
