"""All rows of one day's problem, read with a number of statements that does not depend on theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.models import RouteSuggestion, Stop
from targets.visits.models import Appointment
from targets.visits.selectors.appointments import appointments_of_day
from targets.visits.selectors.days import WorkingDay, moment, working_days

EMPLOYEES = "employeeIds"


@dataclass(frozen=True)
class Day:
    """`people` have a start; `locked` maps targets to the employees that they must stay with."""

    tenant: Tenant
    date: date
    options: Mapping[str, Any]
    targets: list[Target]
    people: list[WorkingDay]
    appointments: list[Appointment]
    locked: Mapping[int, int]

    @property
    def standing(self) -> dict[int, list[int]]:
        """The appointments that are there already, by employee."""
        found: dict[int, list[int]] = {one.employee.pk: [] for one in self.people}
        for appointment in self.appointments:
            found[appointment.employee_id].append(appointment.pk)
        return found

    @property
    def break_minutes(self) -> dict[int, int]:
        """The length of each break, by employee."""
        return {one.employee.pk: one.break_minutes for one in self.people}

    def edge(self, option: str) -> datetime | None:
        """Return `startTime` or `endTime` as an instant: they are meant in the tenant's zone."""
        said = self.options.get(option)
        if not said:
            return None
        zone = ZoneInfo(self.tenant.time_zone)
        return moment(self.date, time.fromisoformat(said), zone, later=option == "endTime")


def read_day(
    suggestion: RouteSuggestion,
    *,
    target_ids: Collection[int],
    employee_ids: Collection[int] | None = None,
) -> Day:
    """Read these targets and the people of a suggestion, or only some of them: four statements."""
    tenant = suggestion.tenant
    wanted = suggestion.options.get(EMPLOYEES) if employee_ids is None else employee_ids
    people = [
        one
        for one in working_days(tenant, suggestion.route_date, employee_ids=wanted)
        if one.employee.start_latitude is not None
    ]
    ids = [one.employee.pk for one in people]
    rows = Target.objects.filter(tenant=tenant, id__in=target_ids)
    locked = Stop.objects.filter(route__suggestion=suggestion, locked=True)
    return Day(
        tenant=tenant,
        date=suggestion.route_date,
        options=suggestion.options,
        targets=list(rows.select_related("location", "template").order_by("id")),
        people=people,
        appointments=appointments_of_day(tenant, suggestion.route_date, employee_ids=ids),
        locked=dict(locked.values_list("target_id", "route__employee_id")),
    )
