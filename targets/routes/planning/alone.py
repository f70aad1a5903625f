"""Why a person cannot serve a stop even if they had nothing else to do that day."""

from dataclasses import replace

from targets.routes.planning.draft import Timeline
from targets.routes.planning.labels import first_moment, in_time, last_moment, through
from targets.routes.planning.problem import Person, Problem, Stop

# The first of these that holds for anybody is the reason for all: it is nearest to being possible.
BY_NEARNESS = (
    "time_window_unreachable",
    "time_window_too_short",
    "time_window_outside_shift",
    "too_far",
    "work_longer_than_shift",
    "load_exceeded",
    "missing_skill",
    "pinned_to_another",
)


def alone(problem: Problem, person: Person, stop: Stop) -> str | None:
    """The reason code, or None if the person could serve it alone. Exact: it inserts into an empty day."""
    if fits_alone(problem, person, stop):
        return None
    if not stop.skills <= person.skills:
        return "missing_skill"
    if stop.pinned_person not in {None, person.id}:
        return "pinned_to_another"
    if person.capacity is not None and stop.load > person.capacity:
        return "load_exceeded"
    return _by_time(problem, person, stop)


def fits_alone(problem: Problem, person: Person, stop: Stop) -> bool:
    """Whether the person can serve the stop and nothing else."""
    return any(True for _ in Timeline(problem, person, ()).insertions(stop))


def _by_time(problem: Problem, person: Person, stop: Stop) -> str:
    free = at_any_time(stop)
    if not _fits_on_the_spot(person, free):
        return "work_longer_than_shift"
    if not fits_alone(problem, person, free):
        return "too_far"
    if not stop.starts:
        return "time_window_too_short"
    if not _fits_on_the_spot(person, stop):
        return "time_window_outside_shift"
    return "time_window_unreachable"


def at_any_time(stop: Stop) -> Stop:
    """The stop without its windows or fixed time."""
    return replace(stop, windows=(), pinned_at=None)


def _fits_on_the_spot(person: Person, stop: Stop) -> bool:
    """Whether it would fit if no way led anywhere."""
    return in_time(through(stop, person.break_, first_moment(person)), last_moment(person))
