"""The search for changes that would make a stop fit into a draft. Each still has to be proved."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from targets.routes.planning.alone import fits_alone
from targets.routes.planning.changes import Change, Kind
from targets.routes.planning.draft import Draft, Timeline
from targets.routes.planning.gaps import gaps, missing
from targets.routes.planning.labels import LATER
from targets.routes.planning.problem import Person, Problem, Stop, Window

_STEP = 300
_MOST_OVERTIME = 2 * 3600


class Remedies:
    """Remedies for the stops left out of one draft; what several stops ask of a person is computed once."""

    def __init__(self, draft: Draft) -> None:
        self._lines = list(draft.timelines.values())
        self._unlimited = replace(
            draft.problem, options=replace(draft.problem.options, max_stops_per_route=None)
        )
        self._relaxed: dict[tuple[int, object], Timeline] = {}

    def of(self, stop: Stop) -> Iterator[Change]:
        """The least change of each kind for each person."""
        found = [each for line in self._lines for each in self._of_person(line, stop)]
        yield from found
        if not any(each.kind == "stops_left_out" for each in found):
            for line in self._lines:
                yield from _by_leaving_out_several(line, stop)

    def _of_person(self, line: Timeline, stop: Stop) -> Iterator[Change]:
        if line.person.may_serve(stop):
            yield from _by_time(line, stop)
            yield from _by_leaving_out(line, stop)
            yield from self._by_shift(line, stop)
            yield from self._by_limits(line, stop)
        elif stop.pinned_person is None:
            yield from self._by_skill(line, stop)
        if line.stops and fits_alone(line.problem, line.person, stop):
            yield Change("another_person", line.person.id, 0)

    def _by_shift(self, line: Timeline, stop: Stop) -> Iterator[Change]:
        longer = self._line(line, "shift", _with_overtime)
        ends = [(_finish(longer.with_stop(stop, at.position)), at) for at in longer.insertions(stop)]
        if ends:
            end, at = min(ends, key=lambda each: each[0])
            seconds = _rounded(max(1, end - line.person.shift.end))
            yield Change("shift_ends_later", line.person.id, at.position, seconds=seconds)

    def _by_limits(self, line: Timeline, stop: Stop) -> Iterator[Change]:
        most, person = line.problem.most_stops(line.person), line.person
        if most is not None and len(line.stops) >= most:
            more = self._line(line, "stops", _with_any_stops, problem=self._unlimited)
            if at := more.cheapest(stop):
                yield Change("one_stop_more", person.id, at.position)
        if person.max_driving is not None:
            far = self._line(line, "driving", _with_any_driving)
            if at := far.cheapest(stop):
                over = line.driving + at.added - person.max_driving
                yield Change("driving_longer", person.id, at.position, seconds=_rounded(max(1, over)))

    def _by_skill(self, line: Timeline, stop: Stop) -> Iterator[Change]:
        able = self._line(
            line, stop.skills, lambda person: replace(person, skills=person.skills | stop.skills)
        )
        if at := able.cheapest(stop):
            lacking = tuple(sorted(stop.skills - line.person.skills))
            yield Change("skill_added", line.person.id, at.position, skills=lacking)

    def _line(
        self, line: Timeline, key: object, relax: Callable[[Person], Person], problem: Problem | None = None
    ) -> Timeline:
        """The same route of a person who may do more."""
        if (line.person.id, key) not in self._relaxed:
            relaxed = Timeline(problem or line.problem, relax(line.person), line.stops)
            self._relaxed[line.person.id, key] = relaxed
        return self._relaxed[line.person.id, key]


def _by_time(line: Timeline, stop: Stop) -> Iterator[Change]:
    least: dict[Kind, tuple[int, int]] = {}
    for gap in gaps(line, stop):
        for kind, seconds in missing(stop, gap):
            least[kind] = min(least.get(kind, (LATER, 0)), (seconds, gap.position))
    for kind, (seconds, position) in least.items():
        rounded = seconds if kind == "work_shorter" else _rounded(seconds)
        yield Change(kind, line.person.id, position, seconds=rounded)


def _by_leaving_out(line: Timeline, stop: Stop) -> Iterator[Change]:
    for index, planned in enumerate(line.stops):
        if not planned.required and (at := line.without(index).cheapest(stop)):
            yield Change("stops_left_out", line.person.id, at.position, without=(planned.id,))


def _by_leaving_out_several(line: Timeline, stop: Stop) -> Iterator[Change]:
    """The first of the shortest runs of stops that make room when they are left out together."""
    if not line.person.may_serve(stop):
        return
    for length in range(2, len(line.stops) + 1):
        for first in range(len(line.stops) - length + 1):
            run = line.stops[first : first + length]
            if any(each.required for each in run):
                continue
            rest = Timeline(line.problem, line.person, line.stops[:first] + line.stops[first + length :])
            if at := next(rest.insertions(stop), None):
                yield Change(
                    "stops_left_out", line.person.id, at.position, without=tuple(each.id for each in run)
                )
                return


def _rounded(seconds: int) -> int:
    """Up to the next five minutes: nobody negotiates seconds."""
    return -(-seconds // _STEP) * _STEP


def _finish(line: Timeline) -> int:
    """When the person is back."""
    pairs = zip(line.returning, line.latest[-1], strict=True)
    return min((end for end, latest in pairs if end <= latest), default=LATER)


def _with_overtime(person: Person) -> Person:
    return replace(person, shift=Window(person.shift.start, person.shift.end + _MOST_OVERTIME))


def _with_any_stops(person: Person) -> Person:
    return replace(person, max_stops=None)


def _with_any_driving(person: Person) -> Person:
    return replace(person, max_driving=None)
