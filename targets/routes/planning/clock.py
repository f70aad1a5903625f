"""A clock without breaks, for a search that knows none.

Each person's break is laid into the middle of its window and cut out of time: what comes after it moves forward
by its length. Work and ways may then lie across the cut; in truth the break comes just before or after them,
which its window nearly always allows. Where it does not, the evaluation finds out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from targets.routes.planning.problem import UNREACHABLE, Person, Window


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


WHOLE = Cut(UNREACHABLE, 0)


def cut_of(person: Person) -> Cut:
    """Where the person's break is cut out; nothing if it can be taken outside the shift."""
    pause = person.break_
    if pause is None or _is_outside(person):
        return WHOLE
    return Cut((pause.window.start + pause.window.end - pause.duration) // 2, pause.duration)


def _is_outside(person: Person) -> bool:
    pause = person.break_
    assert pause is not None
    before = pause.window.start + pause.duration <= person.shift.start
    return before or pause.window.end - pause.duration >= person.shift.end


def shared(span: Window, cuts: Iterable[Cut]) -> Window:
    """A span of the shorter clocks that is right for all of them; for the first one where there is none."""
    all_ = [Window(cut(span.start), cut(span.end)) for cut in cuts]
    start, end = max(each.start for each in all_), min(each.end for each in all_)
    return Window(start, end) if start <= end else all_[0]
