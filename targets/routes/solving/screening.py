"""What keeps a target out before anything is planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from targets.models import Target
from targets.routes.planning.problem import Person
from targets.routes.solving.day import Day
from targets.routes.solving.facts import Facts, facts_of

BY_HAND, CHANGED = "left_out_by_hand", "changed_since_draft"
NOT_OPEN, WRONG_DATE = "not_open", "wrong_date"
MISSING_COORDINATES, NO_EMPLOYEE = "missing_coordinates", "no_employee_available"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A target that is left out: a reason code of the contract, in words, what would help, and details."""

    target_id: int
    code: str
    message: str
    hint: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def screen(day: Day) -> tuple[list[Facts], list[LeftOut]]:
    """Part the day's targets into those that can be planned at all and those that cannot."""
    span = _span(day)
    facts, out = [], []
    for target in day.targets:
        fact = facts_of(target, day.tenant)
        refused = _refused(target, fact, day, span)
        if refused is None:
            facts.append(fact)
        else:
            out.append(refused)
    return facts, out


def without_people(facts: Iterable[Facts], people: Sequence[Person], day: date) -> list[LeftOut]:
    """Return all targets as left out if nobody works that day."""
    if people:
        return []
    message = f"No employee can be planned on {day}."
    hint = "Add an employee with a start and working hours on that weekday, or choose another date."
    return [LeftOut(fact.target_id, NO_EMPLOYEE, message, hint) for fact in facts]


def _refused(target: Target, fact: Facts, day: Day, span: tuple[datetime, datetime]) -> LeftOut | None:
    if target.status != Target.Status.OPEN:
        return not_open(target)
    if fact.route_date not in {None, day.date}:
        message = f"It is to be planned for {fact.route_date}, not for {day.date}."
        hint = f"Plan it on {fact.route_date}, or change or clear its route date."
        return LeftOut(target.pk, WRONG_DATE, message, hint)
    begin, end = fact.window
    if (end is not None and end <= span[0]) or (begin is not None and begin >= span[1]):
        message = f"Its time window does not lie on {day.date}."
        return LeftOut(
            target.pk, WRONG_DATE, message, "Plan it on the day of its window, or move the window."
        )
    if fact.place is None:
        message = "Neither its location nor its address has coordinates."
        return LeftOut(target.pk, MISSING_COORDINATES, message, "Give latitude and longitude.")
    return None


def not_open(target: Target) -> LeftOut:
    """Return a target that is not open as left out."""
    return LeftOut(target.pk, NOT_OPEN, f"It is not open: its status is {target.get_status_display()}.")


def changed(target: Target) -> LeftOut:
    """Return a target that is no longer what was planned as left out."""
    message = "It was changed after this draft was made: its place, time, work or skills are others."
    return LeftOut(target.pk, CHANGED, message, "Plan it again.")


def _span(day: Day) -> tuple[datetime, datetime]:
    """Return the tenant's day, and as far as people in other zones work around it."""
    zone = ZoneInfo(day.tenant.time_zone)
    begin = datetime.combine(day.date, time(), zone).astimezone(UTC)
    end = datetime.combine(day.date + timedelta(days=1), time(), zone).astimezone(UTC)
    return (
        min([begin, *(one.start for one in day.people)]),
        max([end, *(one.end for one in day.people)]),
    )
