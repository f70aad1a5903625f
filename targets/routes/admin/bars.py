"""The day of an employee as bars on a scale, in percent of its width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from targets.routes.models import Route, Stop
from targets.routes.selectors.whole import Whole
from targets.visits.models import Appointment
from targets.visits.selectors.days import WorkingDay

_HOUR = timedelta(hours=1)
# More ticks than that would run into each other on a narrow page.
_MOST_TICKS = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is shift, window, driving, waiting, work, other or break; `left` and `width` are percentages."""

    kind: str
    left: str
    width: str
    title: str
    text: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """From one full hour to another."""

    begin: datetime
    end: datetime

    def at(self, moment: datetime) -> str:
        """Return where an instant lies, in percent, within the scale."""
        share = (min(max(moment, self.begin), self.end) - self.begin) / (self.end - self.begin)
        return f"{100 * share:.2f}"

    def bar(
        self, kind: str, begin: datetime, end: datetime, title: str, *, text: str = "", broken: bool = False
    ) -> Bar | None:
        """Return the bar of a span, or None where nothing of it would be seen."""
        left, right = float(self.at(begin)), float(self.at(end))
        if right <= left:
            return None
        said = f"{clock(begin)}–{clock(end)} {title}"  # noqa: RUF001  (a dash between times)
        return Bar(kind, f"{left:.2f}", f"{right - left:.2f}", said, text, broken)

    def ticks(self) -> list[tuple[str, str]]:
        """Return where which hour is written."""
        hours = round((self.end - self.begin) / _HOUR)
        step = 1 + hours // (_MOST_TICKS + 1)
        moments = (self.begin + _HOUR * number for number in range(0, hours, step))
        return [(self.at(moment), clock(moment)) for moment in moments]


def clock(moment: datetime) -> str:
    """Return the time of day in the active zone."""
    return f"{localtime(moment):%H:%M}"


def scale_of(plan: Whole) -> Scale:
    """Return the scale that all routes and working hours of a suggestion fit on."""
    begins = [*(one.starts_at for one in plan.routes), *(one.start for one in plan.hours.values())]
    ends = [*(one.ends_at for one in plan.routes), *(one.end for one in plan.hours.values())]
    begin, end = localtime(min(begins)), localtime(max(ends))
    begin = begin.replace(minute=0, second=0, microsecond=0)
    return Scale(begin, max(begin + _HOUR, end + (_HOUR - timedelta(minutes=end.minute or 60))))


def bars_of(
    route: Route, hours: WorkingDay | None, standing: Sequence[Appointment], scale: Scale
) -> list[Bar]:
    """Return all bars of a route, what is drawn on top last."""
    found: list[Bar | None] = []
    if hours is not None:
        found.append(scale.bar("shift", hours.start, hours.end, "working hours"))
    found += [_window(stop, scale) for stop in route.stops.all()]
    found += [scale.bar("driving", begin, end, "driving") for begin, end in _driving(route, standing)]
    for stop in route.stops.all():
        found += _of_stop(stop, scale)
    found += [
        scale.bar("other", one.planned_start, one.planned_end, f"published before: {one.target}")
        for one in standing
    ]
    if route.break_starts_at is not None and route.break_minutes:
        end = route.break_starts_at + timedelta(minutes=route.break_minutes)
        found.append(scale.bar("break", route.break_starts_at, end, "break"))
    return [one for one in found if one is not None]


def _window(stop: Stop, scale: Scale) -> Bar | None:
    target = stop.target
    if target.time_window_start is None and target.time_window_end is None:
        return None
    begin, end = target.time_window_start or scale.begin, target.time_window_end or scale.end
    if target.fixed_time and target.time_window_start:
        end = begin + (stop.departs_at - stop.work_starts_at)
    return scale.bar("window", begin, end, f"time window of {stop.sequence}: {target.title}")


def _of_stop(stop: Stop, scale: Scale) -> Iterator[Bar | None]:
    if stop.waiting_minutes:
        begin = stop.work_starts_at - timedelta(minutes=stop.waiting_minutes)
        yield scale.bar("waiting", max(begin, stop.arrives_at), stop.work_starts_at, "waiting")
    yield scale.bar(
        "work",
        stop.work_starts_at,
        stop.departs_at,
        f"work {stop.sequence}: {stop.target.title}",
        text=str(stop.sequence),
        broken=bool(stop.violations),
    )


def _driving(route: Route, standing: Sequence[Appointment]) -> Iterator[tuple[datetime, datetime]]:
    """The way to each stop, and the rest of the day after the last one, which is the way home."""
    stops = list(route.stops.all())
    for stop in stops:
        yield stop.arrives_at - timedelta(minutes=stop.travel_minutes), stop.arrives_at
    for one in standing:
        yield one.planned_start - timedelta(minutes=one.travel_minutes or 0), one.planned_start
    ends = [*(one.departs_at for one in stops), *(one.planned_end for one in standing)]
    if ends:
        yield max(ends), route.ends_at
