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
    zero = min((person.shift.start for person in problem.people), default=0)
    asked = vroom.Input()
    asked.set_durations_matrix(
        profile="car", matrix_input=problem.matrix.seconds.astype(np.uint32)
    )
    pins = _pins(problem)
    skills = _numbered(problem)
    every = (_job(index, stop, skills, pins, zero) for index, stop in enumerate(problem.stops))
    jobs = [job for job in every if job]
    if not jobs:
        return {}
    asked.add_job(jobs)
    asked.add_vehicle(
        [_vehicle(index, person, problem, skills, pins, zero) for index, person in enumerate(problem.people)]
    )
    return _orders(problem, asked.solve(exploration_level=level, nb_threads=1))


def _numbered(problem: Problem) -> dict[str, int]:
    return {skill: n for n, skill in enumerate(sorted({s for stop in problem.stops for s in stop.skills}), 1)}


def _pins(problem: Problem) -> dict[int, int]:
    """A skill of their own for people who have stops pinned to them; stops of strangers ask for skill 0."""
    first = len(_numbered(problem)) + 1
    pinned = sorted({stop.pinned_person for stop in problem.stops if stop.pinned_person is not None})
    return {person_id: first + n for n, person_id in enumerate(pinned)}


def _job(
    index: int, stop: Stop, skills: dict[str, int], pins: dict[int, int], zero: int
) -> vroom.Job | None:
    spans = [
        vroom.TimeWindow(max(0, span.start - zero), min(_LONG, span.end - zero))
        for span in stop.starts
        if span.end >= zero
    ]
    if not spans:
        return None
    needed = {skills[each] for each in stop.skills}
    if stop.pinned_person is not None:
        needed.add(pins[stop.pinned_person])
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
    index: int, person: Person, problem: Problem, skills: dict[str, int], pins: dict[int, int], zero: int
) -> vroom.Vehicle:
    own = {skills[each] for each in person.skills if each in skills}
    most = problem.most_stops(person)
    return vroom.Vehicle(
        index,
        start=person.start_index,
        end=person.end_index,
        capacity=vroom.Amount([_LONG if person.capacity is None else person.capacity]),
        skills=own | ({pins[person.id]} if person.id in pins else set()),
        time_window=vroom.TimeWindow(person.shift.start - zero, person.shift.end - zero),
        breaks=_breaks(person, zero),
        max_tasks=len(problem.stops) if most is None else most,
        max_travel_time=person.max_driving,
    )


def _breaks(person: Person, zero: int) -> list[vroom.Break]:
    if person.break_ is None:
        return []
    begins = Window(person.break_.window.start, person.break_.window.end - person.break_.duration)
    begins = Window(max(begins.start, person.shift.start), min(begins.end, person.shift.end))
    if begins.start > begins.end:
        return []
    window = vroom.TimeWindow(begins.start - zero, begins.end - zero)
    return [vroom.Break(1, time_windows=[window], service=person.break_.duration)]


def _orders(problem: Problem, answer: Solution) -> Orders:
    table = answer.routes
    orders: Orders = {}
    if "id" not in table:
        return orders
    for vehicle, kind, job in zip(table["vehicle_id"], table["type"], table["id"], strict=True):
        if kind == "job":
            person_id = problem.people[int(vehicle)].id
            orders.setdefault(person_id, []).append(problem.stops[int(job)].id)
    return orders
