"""A first answer from VROOM, which knows skills, breaks and several windows and is done in a blink."""

import numpy as np
import vroom
from vroom.solution.solution import Solution

from targets.routes.planning.problem import Person, Problem, Stop, Window

Orders = dict[int, list[int]]

_MOST_PRIORITY = 100
_LONG = 1 << 30


def first_orders(problem: Problem, *, level: int) -> Orders:
    """Ids of stops by id of person, in order. `level` is VROOM's exploration level, 0 to 5."""
    asked = modelled(problem)
    return {} if asked is None else orders(problem, asked.solve(exploration_level=level, nb_threads=1))


def modelled(problem: Problem) -> vroom.Input | None:
    """The problem in VROOM's words; None if no stop could be served at any time."""
    zero = min((person.shift.start for person in problem.people), default=0)
    codes = _codes(problem)
    every = (_job(index, stop, codes, zero) for index, stop in enumerate(problem.stops))
    jobs = [job for job in every if job]
    if not jobs or not problem.people:
        return None
    asked = vroom.Input()
    asked.set_durations_matrix(profile="car", matrix_input=problem.matrix.seconds.astype(np.uint32))
    asked.add_job(jobs)
    asked.add_vehicle(
        [_vehicle(index, person, problem, codes, zero) for index, person in enumerate(problem.people)]
    )
    return asked


def _codes(problem: Problem) -> dict[str | int, int]:
    """Numbers for skills, and for people to whom stops are pinned: theirs is a skill that only they have."""
    skills = sorted({skill for stop in problem.stops for skill in stop.skills})
    pinned = sorted({stop.pinned_person for stop in problem.stops if stop.pinned_person is not None})
    named: list[str | int] = [*skills, *pinned]
    return {each: number for number, each in enumerate(named)}


def _job(index: int, stop: Stop, codes: dict[str | int, int], zero: int) -> vroom.Job | None:
    spans = [
        vroom.TimeWindow(max(0, span.start - zero), min(_LONG, span.end - zero))
        for span in stop.starts
        if span.end >= zero
    ]
    if not spans:
        return None
    needed = {codes[each] for each in stop.skills}
    if stop.pinned_person is not None:
        needed.add(codes[stop.pinned_person])
    return vroom.Job(
        index,
        stop.place_index,
        default_service=stop.service,
        delivery=vroom.Amount([stop.load]),
        skills=needed,
        priority=_MOST_PRIORITY if stop.required else min(stop.prize, _MOST_PRIORITY - 1),
        time_windows=spans,
    )


def _vehicle(
    index: int, person: Person, problem: Problem, codes: dict[str | int, int], zero: int
) -> vroom.Vehicle:
    own = {codes[each] for each in (*person.skills, person.id) if each in codes}
    most = problem.most_stops(person)
    return vroom.Vehicle(
        index,
        start=person.start_index,
        end=person.end_index,
        capacity=vroom.Amount([_LONG if person.capacity is None else person.capacity]),
        skills=own,
        time_window=vroom.TimeWindow(person.shift.start - zero, person.shift.end - zero),
        breaks=_breaks(person, zero),
        max_tasks=len(problem.stops) if most is None else most,
        max_travel_time=person.max_driving,
    )


def _breaks(person: Person, zero: int) -> list[vroom.Break]:
    if person.break_ is None:
        return []
    # A break that lies beyond the shift is one before leaving or after coming back.
    last = min(person.break_.window.end, person.shift.end) - person.break_.duration
    begins = Window(max(person.break_.window.start, person.shift.start), last)
    if begins.start > begins.end:
        return []
    window = vroom.TimeWindow(begins.start - zero, begins.end - zero)
    return [vroom.Break(1, time_windows=[window], service=person.break_.duration)]


def orders(problem: Problem, answer: Solution) -> Orders:
    """VROOM's answer as orders of ours."""
    table = answer.routes
    found: Orders = {}
    if "id" not in table:
        return found
    for vehicle, kind, job in zip(table["vehicle_id"], table["type"], table["id"], strict=True):
        if kind == "job":
            person_id = problem.people[int(vehicle)].id
            found.setdefault(person_id, []).append(problem.stops[int(job)].id)
    return found
