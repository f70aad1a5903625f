"""Reading employees for the office: who is in MyDay, what they have to do, who could take a visit over."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.visits.models import Absence, Appointment, Device, Employee, Invitation, WorkingHours
from targets.visits.selectors.appointments import appointments_of_day
from targets.visits.selectors.days import WorkingDay, working_days

ENDED = (Appointment.Status.COMPLETED, Appointment.Status.PROBLEM_REPORTED)


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody who works on a day and could take visits over: their load, and what speaks against it.

    `missing` are skills that they lack, `overlapping` counts their visits at the same time.
    """

    employee: Employee
    start: datetime
    end: datetime
    stops: int
    work_minutes: int
    overlapping: int
    missing: tuple[str, ...]
    is_full: bool
    outside_hours: bool

    @property
    def rank(self) -> tuple[bool, bool, int, str]:
        """Who can do it comes first, then who has the time for it, then who has less to do."""
        has_no_time = bool(self.overlapping or self.outside_hours or self.is_full)
        return bool(self.missing), has_no_time, self.work_minutes, self.employee.name


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who does not work on a day, for they are absent or have no hours on its weekday."""

    employee: Employee
    is_absent: bool


def with_access(rows: QuerySet[Employee]) -> QuerySet[Employee]:
    """Add `seen_at` and `seen_hash` of the device that was seen last, and `invited_until` if invited."""
    devices = Device.objects.filter(employee=OuterRef("pk"), signed_out_at=None).order_by("-last_seen_at")
    invitations = Invitation.objects.filter(
        employee=OuterRef("pk"), used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return rows.annotate(
        seen_at=Subquery(devices.values("last_seen_at")[:1]),
        seen_hash=Subquery(devices.values("login_hash")[:1]),
        invited_until=_of_each(invitations, Max("expires_at")),
    )


def with_stops(rows: QuerySet[Employee], day: date) -> QuerySet[Employee]:
    """Add how many visits each has on a day (`stops`), and how many of them have ended (`ended`)."""
    visits = Appointment.objects.filter(employee=OuterRef("pk"), day=day)
    visits = visits.exclude(status=Appointment.Status.CANCELLED)
    return rows.annotate(
        stops=_of_each(visits, Count("pk")), ended=_of_each(visits.filter(status__in=ENDED), Count("pk"))
    )


def stands_for(tenant: Tenant, day: date, visits: Sequence[Appointment]) -> list[Stand]:
    """Return who works on the day and could take these visits over, the fittest first: two statements.

    `visits` are read with their targets' templates. Who has all of them already is left out.
    """
    days = working_days(tenant, day)
    found = appointments_of_day(tenant, day, employee_ids=[one.employee.pk for one in days])
    theirs: dict[int, list[Appointment]] = defaultdict(list)
    for visit in found:
        theirs[visit.employee_id].append(visit)
    stands = [_stand(one, theirs[one.employee.pk], visits) for one in days if not _has_all(one, visits)]
    return sorted(stands, key=lambda one: one.rank)


def away_on(tenant: Tenant, day: date, *, named: str = "", limit: int) -> list[Away]:
    """Return active employees who do not work on the day, by name; `named` is a part of it: one statement."""
    absent = Absence.objects.filter(employee=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
    hours = WorkingHours.objects.filter(employee=OuterRef("pk"), weekday=day.weekday())
    rows = Employee.objects.filter(tenant=tenant, active=True, name__icontains=named)
    off = rows.annotate(is_absent=Exists(absent)).filter(Q(is_absent=True) | ~Exists(hours))
    return [Away(one, one.is_absent) for one in off.order_by("name", "pk")[:limit]]


def skills_of(visits: Collection[Appointment]) -> set[str]:
    """Return what whoever makes these visits must be able to do; reads the targets' templates."""
    return {skill for visit in visits if visit.target.template for skill in visit.target.template.skills}


def _stand(day: WorkingDay, theirs: Sequence[Appointment], visits: Sequence[Appointment]) -> Stand:
    employee = day.employee
    others = [one for one in theirs if one not in visits]
    most = employee.max_stops
    return Stand(
        employee=employee,
        start=day.start,
        end=day.end,
        stops=len(theirs),
        work_minutes=sum(_minutes(one) for one in theirs),
        overlapping=sum(any(_meet(one, other) for other in visits) for one in others),
        missing=tuple(sorted(skills_of(visits) - set(employee.skills))),
        is_full=most is not None and len(others) + len(visits) > most,
        outside_hours=any(one.planned_start < day.start or one.planned_end > day.end for one in visits),
    )


def _has_all(day: WorkingDay, visits: Sequence[Appointment]) -> bool:
    return all(one.employee_id == day.employee.pk for one in visits)


def _minutes(visit: Appointment) -> int:
    return round((visit.planned_end - visit.planned_start).total_seconds() / 60)


def _meet(one: Appointment, other: Appointment) -> bool:
    return one.planned_start < other.planned_end and other.planned_start < one.planned_end


def _of_each(rows: QuerySet[Any], what: Max | Count) -> Subquery:
    return Subquery(rows.order_by().values("employee").annotate(found=what).values("found"))
