"""Clocks without breaks, for a search that knows none.

Each person's break is given one time within its window and cut out: what comes after it moves forward by its
length. Work and ways may then lie across the cut; in truth the break comes just before or after them,
which its window nearly always allows. Where it does not, the evaluation finds out.
"""

from dataclasses import dataclass

from targets.routes.planning.problem import UNREACHABLE, Person, Problem, Stop, Window


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """`length` seconds that are cut out of time at the second `at`."""

    at: int
    length: int

    def __call__(self, second: int) -> int:
        """The second of the shorter clock; all of the break is one second there."""
        if second <= self.at:
            return second
        return max(self.at, second - self.length)


_WHOLE = Cut(UNREACHABLE, 0)


class Clocks:
    """The cut of each person, and what a span of real time is on the clocks of all who could use it."""

    def __init__(self, problem: Problem, lean: float = 0.5) -> None:
        """`lean` says where in its span a break lies: 0 as early as possible, 1 as late."""
        self._people = problem.people
        self.cut_of = _cuts(problem.people, lean)

    def shared(self, stop: Stop, span: Window) -> Window:
        """A span that is right on the clock of everybody who might start the stop's work in it.

        Where there is none, that of the first of them.
        """
        cuts = {self.cut_of[person.id] for person in self._people if _might(person, stop, span)}
        spans = [Window(cut(span.start), cut(span.end)) for cut in sorted(cuts) or [_WHOLE]]
        start, end = max(each.start for each in spans), min(each.end for each in spans)
        return Window(start, end) if start <= end else spans[0]


def _might(person: Person, stop: Stop, span: Window) -> bool:
    is_there = span.start + stop.service <= person.shift.end and span.end >= person.shift.start
    return is_there and person.may_serve(stop)


def _cuts(people: tuple[Person, ...], lean: float) -> dict[int, Cut]:
    """Breaks that can begin at the same time do so: the fewer clocks, the more is right on all."""
    begins = {person.id: span for person in people if (span := _begins(person))}
    at: dict[int, int] = {}
    crowd: list[int] = []
    shared = Window(-UNREACHABLE, UNREACHABLE)
    for person_id, span in sorted(begins.items(), key=lambda each: (each[1], each[0])):
        narrowed = Window(max(shared.start, span.start), min(shared.end, span.end))
        if narrowed.start > narrowed.end:
            crowd, narrowed = [], span
        crowd.append(person_id)
        shared = narrowed
        at.update(dict.fromkeys(crowd, shared.start + int(lean * (shared.end - shared.start))))
    return {person.id: _cut(person, at.get(person.id)) for person in people}


def _cut(person: Person, at: int | None) -> Cut:
    return _WHOLE if at is None or person.break_ is None else Cut(at, person.break_.duration)


def _begins(person: Person) -> Window | None:
    """When the break may begin; None without one, or where it can be taken outside the shift."""
    pause = person.break_
    if pause is None or pause.window.start + pause.duration <= person.shift.start:
        return None
    last = pause.window.end - pause.duration
    return None if last >= person.shift.end else Window(pause.window.start, last)
