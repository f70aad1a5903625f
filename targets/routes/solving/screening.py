"""What keeps a target out before anything is planned, in words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from targets.models import Target
from targets.routes.planning.problem import Window
from targets.routes.planning.screen import Asked
from targets.routes.planning.screen import screen as reason_code
from targets.routes.solving.clock import Clock
from targets.routes.solving.day import Day
from targets.routes.solving.facts import Facts, facts_of

BY_HAND, CHANGED = "left_out_by_hand", "changed_since_draft"
NOT_OPEN, WRONG_DATE, MISSING_COORDINATES = "not_open", "wrong_date", "missing_coordinates"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A target that is left out: a reason code of the contract, in words, what would help, and details."""

    target_id: int
    code: str
    message: str
    hint: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def screen(day: Day, *, people: int) -> tuple[list[Facts], list[LeftOut]]:
    """Part the day's targets into those that so many people can plan at all, and the others."""
    clock = Clock.of(day.date)
    begin, end = _span(day)
    whole = Window(clock.second(begin), clock.second(end))
    facts, out = [], []
    for target in day.targets:
        fact = facts_of(target, day.tenant)
        code = reason_code(_asked(target, fact, day, clock), day=whole, people=people)
        if code is None:
            facts.append(fact)
        else:
            out.append(_left_out(target, fact, day, code))
    return facts, out


def not_open(target: Target) -> LeftOut:
    """Return a target that is not open as left out."""
    return LeftOut(target.pk, NOT_OPEN, f"It is not open: its status is {target.get_status_display()}.")


def changed(target: Target) -> LeftOut:
    """Return a target that is no longer what was planned as left out."""
    message = "It was changed after this draft was made: its place, time, work or skills are others."
    return LeftOut(target.pk, CHANGED, message, "Plan it again.")


def _asked(target: Target, fact: Facts, day: Day, clock: Clock) -> Asked:
    begin, end = fact.window
    # Without an edge the window is as wide as time.
    window = Window(
        clock.second(begin) if begin else clock.second(datetime.min.replace(tzinfo=UTC)),
        clock.second(end) if end else clock.second(datetime.max.replace(tzinfo=UTC)),
    )
    return Asked(
        id=target.pk,
        is_open=target.status == Target.Status.OPEN,
        place=fact.place,
        day_offset=None if fact.route_date is None else (fact.route_date - day.date).days,
        windows=() if fact.window == (None, None) else (window,),
    )


def _left_out(target: Target, fact: Facts, day: Day, code: str) -> LeftOut:
    if code == NOT_OPEN:
        return not_open(target)
    if code == WRONG_DATE:
        return _wrong_date(fact, day)
    if code == MISSING_COORDINATES:
        message = "Neither its location nor its address has usable coordinates."
        return LeftOut(target.pk, code, message, "Give latitude and longitude.")
    message = f"No employee can be planned on {day.date}."
    hint = "Add an employee with a start and working hours on that weekday, or choose another date."
    return LeftOut(target.pk, code, message, hint)


def _wrong_date(fact: Facts, day: Day) -> LeftOut:
    if fact.route_date not in {None, day.date}:
        message = f"It is to be planned for {fact.route_date}, not for {day.date}."
        hint = f"Plan it on {fact.route_date}, or change or clear its route date."
    else:
        message = f"Its time window does not lie on {day.date}."
        hint = "Plan it on the day of its window, or move the window."
    return LeftOut(fact.target_id, WRONG_DATE, message, hint)


def _span(day: Day) -> tuple[datetime, datetime]:
    """Return the tenant's day, and as far as people in other zones work around it."""
    zone = ZoneInfo(day.tenant.time_zone)
    begin = datetime.combine(day.date, time(), zone).astimezone(UTC)
    end = datetime.combine(day.date + timedelta(days=1), time(), zone).astimezone(UTC)
    return (
        min([begin, *(one.start for one in day.people)]),
        max([end, *(one.end for one in day.people)]),
    )
