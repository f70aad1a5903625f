"""How much is missing at one place of a route for a stop to fit there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from targets.routes.planning.changes import Kind, windows_of
from targets.routes.planning.draft import Timeline
from targets.routes.planning.labels import LATER, pause_begin, pause_end
from targets.routes.planning.problem import UNREACHABLE, Stop, Window

_ANY_TIME = (Window(-UNREACHABLE, UNREACHABLE),)


@dataclass(frozen=True, slots=True)
class Gap:
    """Before the stop at `position`: `bounds` are pairs of the earliest second at which the work could
    start and the latest one at which it must be done, with the break still to come and with the break taken.
    """

    position: int
    bounds: tuple[tuple[int, int], tuple[int, int]]


def gaps(line: Timeline, stop: Stop) -> Iterator[Gap]:
    """The places of a route at which limits, skills and pins admit the stop."""
    pause = line.person.break_
    for position in range(len(line.stops) + 1):
        there, back, added = line.detour(stop, position)
        if not line.has_room(stop, added):
            continue
        open_, rested = (each + there for each in line.leaving[position])
        open_end, rested_end = (each - back for each in line.latest[position])
        open_end = max(open_end, pause_begin(pause, rested_end))
        rested = min(rested, pause_end(pause, open_))
        yield Gap(position, ((open_, open_end), (rested, rested_end)))


def _later(stop: Stop, window: Window, first: int, last: int) -> int:
    done = max(first, window.start) + stop.service
    return done - window.end if done <= last else LATER


def _earlier(stop: Stop, window: Window, first: int, last: int) -> int:
    start = min(last, window.end) - stop.service
    return window.start - start if start >= first else LATER


def _shorter(stop: Stop, window: Window, first: int, last: int) -> int:
    longest = min(last, window.end) - max(first, window.start)
    # Half a visit is no visit.
    return stop.service - longest if 2 * longest >= stop.service else LATER


_MISSING: dict[Kind, Callable[[Stop, Window, int, int], int]] = {
    "window_ends_later": _later,
    "window_starts_earlier": _earlier,
    "work_shorter": _shorter,
}


def missing(stop: Stop, gap: Gap) -> Iterator[tuple[Kind, int]]:
    """For each kind of change that helps here the seconds by which it must be made, more than 0."""
    windows = windows_of(stop)
    for kind, measure in _MISSING.items():
        spans = windows or (_ANY_TIME if kind == "work_shorter" else ())
        found = [measure(stop, span, *bounds) for span in spans for bounds in gap.bounds]
        least = min(found, default=LATER)
        if 0 < least < LATER:
            yield kind, least
