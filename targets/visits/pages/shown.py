"""Stops as the phone shows them: plain values, nothing that a template could show by mistake."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.utils import timezone
from django.utils.translation import gettext as _

from targets.models import Target
from targets.visits.models import Appointment, VisitReport
from targets.visits.pages.maps import map_link
from targets.visits.pages.words import PRIORITIES, REPORTS, STATES
from targets.visits.selectors.myday import is_owed, lateness

_LATE_FROM = timedelta(minutes=5)
_STATUS = Appointment.Status
_TONES = {"Urgent": "bad", "High": "warn", "Completed": "good", "ProblemReported": "warn", "Rejected": "bad"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word on a stop; `tone` is a class of its look."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A stop in a list."""

    stop: Appointment
    title: str
    who: str
    address: str
    map_url: str
    badges: tuple[Badge, ...]
    is_over: bool

    @property
    def is_now(self) -> bool:
        """Whether the employee is at work there."""
        return self.stop.status == _STATUS.STARTED


def cards(stops: Iterable[Appointment], *, agent: str, now: datetime | None = None) -> list[Card]:
    """Return the stops of a list for the browser that calls itself `agent`."""
    moment = now or timezone.now()
    return [_card(stop, agent, moment) for stop in stops]


def _card(stop: Appointment, agent: str, now: datetime) -> Card:
    target = stop.target
    return Card(
        stop=stop,
        title=target.title,
        who=who(target),
        address=address(target),
        map_url=map_of(target, agent),
        badges=tuple(badges(stop, now)),
        is_over=stop.status not in Appointment.OPEN,
    )


def who(target: Target) -> str:
    """Return the customer and the site, as far as they are known."""
    names = [target.customer.name if target.customer else sent_text(target, "name")]
    if target.location and target.location.name not in names:
        names.append(target.location.name)
    return " · ".join(name for name in names if name)


def address(target: Target) -> str:
    """Return where the work is, in one line: the location's address, or what was sent with the target."""
    place: Any = target
    if target.location and (target.location.street or target.location.city):
        place = target.location
    town = f"{place.postal_code} {place.city}".strip()
    return ", ".join(part for part in (place.street, town) if part)


def map_of(target: Target, agent: str) -> str:
    """Return a link to a map; the target's own coordinates were sent with it and count first."""
    place: Any = target
    if target.latitude is None and target.location is not None:
        place = target.location
    return map_link(agent=agent, address=address(target), latitude=place.latitude, longitude=place.longitude)


def sent_text(target: Target, member: str) -> str:
    """Return what a sender without ids wrote of the customer."""
    sent = target.customer_text
    value = sent.get(member) if isinstance(sent, dict) else None
    return value if isinstance(value, str) else ""


def badges(stop: Appointment, now: datetime) -> Iterable[Badge]:
    """Yield what must be seen at a glance, the gravest first."""
    if stop.status in STATES:
        yield Badge(STATES[stop.status], _TONES.get(stop.status, ""))
    yield from _times(stop, now)
    if stop.status in Appointment.OPEN:
        if stop.is_changed:
            yield Badge(_("Changed since it was planned"), "warn")
        priority = stop.target.priority or ""
        if priority in PRIORITIES:
            yield Badge(PRIORITIES[priority], _TONES.get(priority, ""))
    yield from _report(stop)


def _times(stop: Appointment, now: datetime) -> Iterable[Badge]:
    late = lateness(stop, now)
    end = stop.target.time_window_end
    if stop.status == _STATUS.SCHEDULED and end is not None and end < now:
        yield Badge(_("Window is over"), "bad")
    if late >= _LATE_FROM:
        yield Badge(_("%(time)s late") % {"time": duration(late)}, "bad")


def _report(stop: Appointment) -> Iterable[Badge]:
    report = report_of(stop)
    if report is not None:
        yield Badge(REPORTS[report.status], _TONES.get(report.status, ""))
    elif is_owed(stop) and stop.status != _STATUS.STARTED:
        yield Badge(_("Report is missing"), "warn")


def stamp(stops: Iterable[Appointment]) -> str:
    """Return a mark of what stands there: a page that lies open looks whether it is still the same."""
    told = [
        (one.pk, one.status, one.sequence, one.target.revision, getattr(report_of(one), "status", ""))
        for one in stops
    ]
    return f"{crc32(repr(told).encode()):08x}"


def report_of(stop: Appointment) -> VisitReport | None:
    """Return the report of a stop, if there is one."""
    report: VisitReport | None = getattr(stop, "report", None)
    return report


def duration(length: timedelta) -> str:
    """Return `25 min` or `1:05 h`; days where it is that long."""
    minutes = int(length / timedelta(minutes=1))
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return _("%(hours)s h") % {"hours": f"{minutes // 60}:{minutes % 60:02}"}
    return _("more than a day")
