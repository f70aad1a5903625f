"""How a day goes: per employee what is done, under way, late, in trouble; two statements for any day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, TextChoices, Value, When

from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment

# Traffic lights and a word at the door: nobody is called for less.
LATE_AFTER = timedelta(minutes=10)
_SHOWN = (
    "employee_id",
    "status",
    "planned_start",
    "planned_end",
    "target__title",
    "target__location__name",
    "report__appointment_id",
    "report__problem",
)


class State(TextChoices):
    """How a stop stands at a moment; every stop has exactly one."""

    DONE = "done", "Done"
    UNDER_WAY = "under_way", "Under way"
    LATE = "late", "Late"
    TROUBLE = "trouble", "In trouble"
    PLANNED = "planned", "Planned"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stops of an employee's day stand how."""

    employee_id: int
    name: str
    total: int
    done: int
    under_way: int
    late: int
    trouble: int
    planned: int

    @property
    def ended(self) -> int:
        """How many need nothing more of the employee."""
        return self.done + self.trouble


def tallies_of(tenant: Tenant, day: date, *, now: datetime) -> list[Tally]:
    """Return the employees with visits on that day, by name: one statement."""
    counts = {state.value: Count("pk", filter=_is(state, now)) for state in State}
    rows = _of(tenant, day).order_by("employee__name", "employee_id")
    lines = rows.values_list("employee_id", "employee__name").annotate(total=Count("pk"), **counts)
    return [
        Tally(pk, name, total, **dict(zip(counts, numbers, strict=True)))
        for pk, name, total, *numbers in lines
    ]


def stops_of(
    tenant: Tenant, day: date, employee_ids: Collection[int], *, now: datetime
) -> dict[int, list[Any]]:
    """Return the day's visits of these employees in their order, each with `state`: one statement.

    Of targets, their places and reports only what a board shows comes along.
    """
    rows = _of(tenant, day).filter(employee__in=employee_ids).select_related("target__location", "report")
    rows = rows.annotate(state=_state(now)).order_by("employee_id", "planned_start", "id")
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.only(*_SHOWN):
        found[row.employee_id].append(row)
    return found


def _of(tenant: Tenant, day: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(tenant=tenant, day=day)
    return rows.exclude(status=Appointment.Status.CANCELLED)


def _is(state: State, now: datetime) -> Q:
    """Return the condition under which a stop stands so; the states share nothing."""
    status, late = Appointment.Status, now - LATE_AFTER
    begun, waits = Q(status=status.STARTED), Q(status=status.SCHEDULED)
    return {
        State.DONE: Q(status=status.COMPLETED),
        State.TROUBLE: Q(status=status.PROBLEM_REPORTED),
        State.LATE: (begun & Q(planned_end__lt=late)) | (waits & Q(planned_start__lt=late)),
        State.UNDER_WAY: begun & Q(planned_end__gte=late),
        State.PLANNED: waits & Q(planned_start__gte=late),
    }[state]


def _state(now: datetime) -> Case:
    return Case(*(When(_is(state, now), then=Value(state.value)) for state in State), default=Value(""))
