"""Small days for Hypothesis, and single pieces to build them from."""

import numpy as np
from hypothesis import strategies as st

from targets.routes.planning.problem import Break, Matrix, Options, Person, Problem, Stop, Window

SKILLS = ("gas", "ladder")


def line(*places: int) -> Matrix:
    """Places on a straight road; a step is one second and ten meters."""
    at = np.array(places)
    steps = np.abs(at[:, None] - at)
    return Matrix(steps, steps * 10)


@st.composite
def breaks(draw: st.DrawFn, shift: Window) -> Break | None:
    if draw(st.booleans()):
        return None
    duration = draw(st.integers(1, 20))
    start = draw(st.integers(shift.start, shift.end - duration))
    return Break(duration, Window(start, draw(st.integers(start + duration, shift.end))))


@st.composite
def people(draw: st.DrawFn, number: int, places: int) -> Person:
    start = draw(st.integers(0, 60))
    shift = Window(start, start + draw(st.integers(30, 200)))
    place = st.integers(0, places - 1)
    return Person(
        id=100 + number,
        start_index=draw(place),
        end_index=draw(place),
        shift=shift,
        break_=draw(breaks(shift)),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
        max_stops=draw(st.none() | st.integers(1, 5)),
        max_driving=draw(st.none() | st.integers(5, 120)),
        capacity=draw(st.none() | st.integers(0, 6)),
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    spans = draw(st.lists(st.tuples(st.integers(0, 240), st.integers(0, 80)), max_size=2))
    return tuple(Window(start, start + length) for start, length in spans)


@st.composite
def stops(draw: st.DrawFn, number: int, places: int, ids: list[int]) -> Stop:
    return Stop(
        id=number,
        place_index=draw(st.integers(0, places - 1)),
        service=draw(st.integers(0, 30)),
        windows=draw(windows()),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS), max_size=1))),
        priority=draw(st.integers(0, 3)),
        prize=draw(st.integers(1, 9)),
        pinned_person=draw(st.none() | st.none() | st.sampled_from(ids)) if ids else None,
        pinned_at=draw(st.none() | st.none() | st.integers(0, 240)),
        required=draw(st.sampled_from((False, False, False, True))),
        load=draw(st.integers(0, 2)),
    )


@st.composite
def problems(draw: st.DrawFn, most_stops: int = 7, most_people: int = 3, least_people: int = 1) -> Problem:
    places = draw(st.lists(st.integers(0, 60), min_size=1, max_size=6))
    workers = [draw(people(n, len(places))) for n in range(draw(st.integers(least_people, most_people)))]
    ids = [each.id for each in workers]
    work = [draw(stops(n, len(places), ids)) for n in range(draw(st.integers(0, most_stops)))]
    options = Options(max_stops_per_route=draw(st.none() | st.none() | st.integers(1, 4)))
    return Problem(tuple(work), tuple(workers), line(*places), options)
