"""Why a planned stop is where it is: why this person, why then, and what it adds."""

from dataclasses import dataclass

from targets.routes.planning.alone import fits_alone
from targets.routes.planning.draft import Draft, Timeline, draft_of
from targets.routes.planning.problem import Problem, Stop
from targets.routes.planning.solution import Plan, Visit


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` with what it needs to be said: another person, and seconds."""

    code: str
    person_id: int | None = None
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """`added` is the driving the route would save without the stop, in seconds.

    Codes of `person`: pinned, only_one_able, only_one_in_time, others_full, least_driving (`seconds` less
    than for `person_id`), best_for_all (`person_id` would drive `seconds` less, but the plan as a whole
    gains). Codes of `time`: fixed_time, window_opens (`seconds` of waiting), in_window, on_the_way.
    """

    stop_id: int
    person: Reason
    time: Reason
    added: int


def why(problem: Problem, plan: Plan, stop_id: int) -> Why:
    """About one planned stop."""
    return why_all(problem, plan, (stop_id,))[0]


def why_all(problem: Problem, plan: Plan, stop_ids: tuple[int, ...] | None = None) -> list[Why]:
    """About all planned stops, or some."""
    draft = draft_of(problem, plan)
    wanted = [
        (draft.timelines[route.person_id], index, visit)
        for route in plan.routes
        for index, visit in enumerate(route.visits)
        if stop_ids is None or visit.stop_id in stop_ids
    ]
    return [_why(draft, line, index, visit) for line, index, visit in wanted]


def _why(draft: Draft, line: Timeline, index: int, visit: Visit) -> Why:
    stop = line.stops[index]
    added = line.driving - line.without(index).driving
    return Why(stop.id, _person(draft, line, stop, added), _time(stop, visit), added)


def _person(draft: Draft, line: Timeline, stop: Stop, added: int) -> Reason:
    if stop.pinned_person is not None:
        return Reason("pinned", line.person.id)
    able = [person for person in draft.problem.people if person.may_serve(stop)]
    if len(able) == 1:
        return Reason("only_one_able", line.person.id)
    if sum(fits_alone(draft.problem, person, stop) for person in able) == 1:
        return Reason("only_one_in_time", line.person.id)
    others = [each for each in draft.timelines.values() if each is not line]
    offers = [at for each in others if (at := each.cheapest(stop))]
    if not offers:
        return Reason("others_full", line.person.id)
    best = min(offers, key=lambda at: at.added)
    code = "least_driving" if added <= best.added else "best_for_all"
    return Reason(code, best.person_id, abs(best.added - added))


def _time(stop: Stop, visit: Visit) -> Reason:
    if stop.pinned_at is not None:
        return Reason("fixed_time")
    if not stop.windows:
        return Reason("on_the_way")
    if visit.starts_at in {window.start for window in stop.windows}:
        return Reason("window_opens", seconds=visit.waiting)
    return Reason("in_window")
