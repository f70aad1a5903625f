"""From the rows of a day to the problem of the engine.

Stops have the ids of their targets; appointments that are there already take part as stops that cannot be
moved or given up, with the negative of their ids.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from targets.routes.planning.prices import price
from targets.routes.planning.problem import (
    Break,
    Matrix,
    Options,
    Person,
    Place,
    Problem,
    Stop,
    Window,
)
from targets.routes.planning.room import with_room
from targets.routes.solving.clock import Clock
from targets.routes.solving.day import Day
from targets.routes.solving.facts import Facts, place_of
from targets.visits.models import Appointment
from targets.visits.selectors.days import WorkingDay

# Three days around the route date: for windows that are open on one side.
_ALWAYS = Window(0, 3 * 86_400)


@dataclass
class Places:
    """Places of a day, each once, by index."""

    index: dict[Place, int] = field(default_factory=dict)

    def add(self, place: Place) -> int:
        """Return the index of a place."""
        return self.index.setdefault(place, len(self.index))


@dataclass(frozen=True)
class Sketch:
    """A problem without travel times: the matrix is asked for outside of transactions."""

    clock: Clock
    places: list[Place]
    stops: tuple[Stop, ...]
    people: tuple[Person, ...]
    options: Options

    def problem(self, matrix: Matrix) -> Problem:
        """Return the whole problem, with room for the appointments that are there already."""
        return with_room(Problem(self.stops, self.people, matrix, self.options))


def sketch_of(day: Day, facts: Iterable[Facts]) -> Sketch:
    """Return the problem of these targets (all with a place) and of the day's people."""
    clock, places = Clock.of(day.date), Places()
    people = [person for one in day.people if (person := _person(day, one, clock, places)) is not None]
    kept = {person.id for person in people}
    standing = [one for one in day.appointments if one.employee_id in kept]
    starts = {one.employee.pk: _start(one) for one in day.people}
    stops = [
        *(_stop(day, fact, clock, places) for fact in facts),
        *(_standing(one, starts[one.employee_id], clock, places) for one in standing),
    ]
    options = Options(
        balance=bool(day.options.get("balance")), max_stops_per_route=day.options.get("maxStopsPerRoute")
    )
    return Sketch(clock, list(places.index), tuple(stops), tuple(people), options)


def digest_of(problem: Problem) -> str:
    """Return a digest of everything that the answer depends on, beside seed and iterations."""
    digest = sha256(repr((problem.stops, problem.people, problem.options)).encode())
    digest.update(problem.matrix.seconds.tobytes())
    digest.update(problem.matrix.meters.tobytes())
    return digest.hexdigest()


def _person(day: Day, one: WorkingDay, clock: Clock, places: Places) -> Person | None:
    """Return who can be planned, with the hours that the options leave; None if they leave none."""
    shift = Window(
        _latest(clock, one.start, day.edge("startTime")), _earliest(clock, one.end, day.edge("endTime"))
    )
    if shift.start >= shift.end:
        return None
    employee, start = one.employee, places.add(_start(one))
    has_end = employee.end_latitude is not None and employee.end_longitude is not None
    end = places.add(Place(employee.end_latitude, employee.end_longitude)) if has_end else start  # type: ignore[arg-type]
    driving = employee.max_driving_minutes
    return Person(
        id=employee.pk,
        start_index=start,
        end_index=end,
        shift=shift,
        break_=_break(one, shift, clock),
        skills=frozenset(employee.skills),
        max_stops=employee.max_stops,
        max_driving=None if driving is None else driving * 60,
    )


def _start(one: WorkingDay) -> Place:
    employee = one.employee
    assert employee.start_latitude is not None  # noqa: S101  (`read_day` keeps those with a start)
    assert employee.start_longitude is not None  # noqa: S101  (a constraint)
    return Place(employee.start_latitude, employee.start_longitude)


def _latest(clock: Clock, moment: datetime, other: datetime | None) -> int:
    return clock.second(moment if other is None else max(moment, other))


def _earliest(clock: Clock, moment: datetime, other: datetime | None) -> int:
    return clock.second(moment if other is None else min(moment, other))


def _break(one: WorkingDay, shift: Window, clock: Clock) -> Break | None:
    """Return the break, if the hours that are left have room for it at all."""
    start = max(shift.start, clock.second(one.break_from))
    end = min(shift.end, clock.second(one.break_until))
    length = one.break_minutes * 60
    return Break(length, Window(start, end)) if length and end - start >= length else None


def _stop(day: Day, fact: Facts, clock: Clock, places: Places) -> Stop:
    assert fact.place is not None  # noqa: S101  (screened)
    begin, end = fact.window
    window = Window(
        _ALWAYS.start if begin is None else max(_ALWAYS.start, clock.second(begin)),
        _ALWAYS.end if end is None else min(_ALWAYS.end, clock.second(end)),
    )
    person = day.locked.get(fact.target_id)
    return Stop(
        id=fact.target_id,
        place_index=places.add(fact.place),
        service=fact.work_minutes * 60,
        windows=() if fact.window == (None, None) else (window,),
        skills=fact.skills,
        priority=fact.rank,
        prize=price(priority=fact.rank, days_left=None if fact.due is None else (fact.due - day.date).days),
        pinned_person=person,
        pinned_at=window.start if fact.fixed else None,
        required=person is not None,
    )


def _standing(one: Appointment, start: Place, clock: Clock, places: Places) -> Stop:
    """An appointment that is there already, at its time; without a known place it costs no way."""
    begin = clock.second(one.planned_start)
    return Stop(
        id=-one.pk,
        place_index=places.add(place_of(one.target) or start),
        service=clock.second(one.planned_end) - begin,
        priority=3,
        pinned_person=one.employee_id,
        pinned_at=begin,
        required=True,
    )
