"""What is to be planned: stops, people, travel, options."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

UNREACHABLE = 10_000_000
"""Travel seconds or meters where no road leads; whatever is at least this far is never driven."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of seconds. Work lies within it as a whole: it starts at `start` or later and ends by `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of `duration` seconds that begins and ends within `window`, wherever the person then is.

    It may also be taken before leaving or after coming back. Neither driving nor work is interrupted by it.
    """

    duration: int
    window: Window


@dataclass(frozen=True)
class Stop:
    """Work of `service` seconds at a place of the matrix. Those with ids below 0 stand already.

    No windows: at any time. `priority` runs from 0 (low) to 3 (urgent); `prize` says within a priority who is
    served first (see `prices`). `pinned_person` alone may serve it; `pinned_at` is the very second at
    which the work starts, and then the windows don't count. `required` stops are never given up for
    others. `load` is what the stop takes of a person's capacity.
    """

    id: int
    place_index: int
    service: int
    windows: tuple[Window, ...] = ()
    skills: frozenset[str] = frozenset()
    priority: int = 1
    prize: int = 1
    pinned_person: int | None = None
    pinned_at: int | None = None
    required: bool = False
    load: int = 0

    @cached_property
    def starts(self) -> tuple[Window, ...]:
        """The spans in which work may *start* so that it ends within its window, in order; disjoint."""
        if self.pinned_at is not None:
            return (Window(self.pinned_at, self.pinned_at),)
        if not self.windows:
            return (Window(-UNREACHABLE, UNREACHABLE),)
        return _disjoint(Window(each.start, each.end - self.service) for each in self.windows)

    @property
    def stands(self) -> bool:
        """Whether it was published before: then it is never given up (see `room`)."""
        return self.id < 0

    @property
    def begin(self) -> int:
        """When the work starts, if its time is fixed."""
        return self.pinned_at or 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """What decides who gives way: what stands is above all, then required, priority, prize."""
        return (self.required + self.stands, self.priority, self.prize)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a shift, in which the whole way from `start_index` to `end_index` lies.

    `max_driving` is seconds; None means without a limit.
    """

    id: int
    start_index: int
    end_index: int
    shift: Window
    break_: Break | None = None
    skills: frozenset[str] = frozenset()
    max_stops: int | None = None
    max_driving: int | None = None
    capacity: int | None = None

    def may_serve(self, stop: Stop) -> bool:
        """Whether skills and pins allow it; time is another question."""
        return stop.skills <= self.skills and stop.pinned_person in {None, self.id}


class Matrix:
    """Travel `seconds` and `meters` between places, as two square arrays of whole numbers."""

    def __init__(
        self, seconds: Sequence[Sequence[int]] | Ints, meters: Sequence[Sequence[int]] | Ints
    ) -> None:
        self.seconds: Ints = np.minimum(np.asarray(seconds, dtype=np.int64), UNREACHABLE)
        self.meters: Ints = np.minimum(np.asarray(meters, dtype=np.int64), UNREACHABLE)
        # Plain lists answer a single question several times faster than an array does.
        self.rows: list[list[int]] = self.seconds.tolist()

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Options:
    """Wishes for the whole plan. `balance` shares the work evenly where that costs no stop."""

    balance: bool = False
    max_stops_per_route: int | None = None


@dataclass(frozen=True)
class Problem:
    """One day. Ids of stops are unique, so are those of people."""

    stops: tuple[Stop, ...]
    people: tuple[Person, ...]
    matrix: Matrix
    options: Options = field(default_factory=Options)

    @cached_property
    def stop_by_id(self) -> dict[int, Stop]:
        return {stop.id: stop for stop in self.stops}

    def standing_of(self, person: Person) -> list[Stop]:
        """The visits of a person that stand, in order."""
        found = (stop for stop in self.stops if stop.stands and stop.pinned_person == person.id)
        return sorted(found, key=lambda stop: (stop.begin, -stop.id))

    @cached_property
    def person_by_id(self) -> dict[int, Person]:
        return {person.id: person for person in self.people}

    def most_stops(self, person: Person) -> int | None:
        """The smaller one of the person's limit and that of the options."""
        limits = [each for each in (person.max_stops, self.options.max_stops_per_route) if each is not None]
        return min(limits, default=None)


def _disjoint(spans: Iterable[Window]) -> tuple[Window, ...]:
    """Order spans, join those that overlap, drop those that are too short for the work."""
    joined: list[Window] = []
    for span in sorted(each for each in spans if each.start <= each.end):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Window(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
