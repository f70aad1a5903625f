"""Why a stop was left out, proved against every person, and what would make it fit, proved as well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from targets.routes.planning.alone import BY_NEARNESS, alone
from targets.routes.planning.changes import Change, Kind, holds
from targets.routes.planning.draft import Draft, draft_of
from targets.routes.planning.labels import LATER
from targets.routes.planning.problem import Problem, Stop
from targets.routes.planning.remedies import Remedies
from targets.routes.planning.solution import Plan

# What is easiest to arrange comes first; more than an hour is arranged last.
_EASE: tuple[Kind, ...] = (
    "window_ends_later",
    "window_starts_earlier",
    "stops_left_out",
    "shift_ends_later",
    "one_stop_more",
    "driving_longer",
    "work_shorter",
    "skill_added",
    "another_person",
)
_MUCH = 3600
_MEASURED = frozenset({"window_ends_later", "window_starts_earlier", "shift_ends_later"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one stop is not in the plan.

    `code` is that of the contract. `reasons` say for each person why not: a code as if they had nothing
    else to do, or `capacity_full`. `near_miss` is the least change of a time that would have made it fit,
    `counterfactual` the one that is easiest to arrange; each is proved by `changes.holds`. `displaced` are
    the stops of which leaving out any single one would make room, or, where none would, those to leave out
    together. `skills` are those that the stop needs.
    """

    stop_id: int
    code: str
    reasons: tuple[tuple[int, str], ...]
    near_miss: Change | None
    counterfactual: Change | None
    displaced: tuple[int, ...]
    skills: tuple[str, ...] = ()


def explain(problem: Problem, plan: Plan) -> list[Explanation]:
    """One for each stop left out, in the plan's order; `not_planned` for one that would fit after all."""
    draft = draft_of(problem, plan)
    remedies = Remedies(draft)
    return [_explained(draft, plan, problem.stop_by_id[each], remedies) for each in plan.left_out]


def _explained(draft: Draft, plan: Plan, stop: Stop, remedies: Remedies) -> Explanation:
    problem = draft.problem
    reasons = tuple((person.id, alone(problem, person, stop) or "capacity_full") for person in problem.people)
    changes = sorted(remedies.of(stop), key=lambda change: _ease(problem, change))
    return Explanation(
        stop_id=stop.id,
        code=_code(draft, stop, {code for _, code in reasons}),
        reasons=reasons,
        near_miss=_first(problem, plan, stop, sorted(_measured(changes), key=lambda each: each.seconds)),
        counterfactual=_first(problem, plan, stop, changes),
        displaced=_displaced(problem, changes),
        skills=tuple(sorted(stop.skills)),
    )


def _code(draft: Draft, stop: Stop, codes: set[str]) -> str:
    if not codes:
        return "no_employee_available"
    if "capacity_full" not in codes:
        return next(code for code in BY_NEARNESS if code in codes)
    return "not_planned" if draft.cheapest(stop) else "capacity_full"


def _ease(problem: Problem, change: Change) -> tuple[bool, int, tuple[object, ...], int]:
    given_up = [problem.stop_by_id[each].rank for each in change.without]
    is_much = change.kind in _MEASURED and change.seconds > _MUCH
    return is_much, _EASE.index(change.kind), (len(given_up), *given_up), change.seconds


def _measured(changes: Iterable[Change]) -> list[Change]:
    return [each for each in changes if each.kind in _MEASURED and each.seconds < LATER]


def _first(problem: Problem, plan: Plan, stop: Stop, changes: Sequence[Change]) -> Change | None:
    """The first change that is proved to help."""
    return next((each for each in changes if holds(problem, plan, stop.id, each)), None)


def _displaced(problem: Problem, changes: Iterable[Change]) -> tuple[int, ...]:
    """Those that make room alone; where none does, the fewest together. Lowest rank first."""
    sets = [change.without for change in changes if change.without]
    fewest = min(map(len, sets), default=0)
    ids = set(sets[0]) if fewest > 1 else {each for ids in sets for each in ids}
    return tuple(sorted(ids, key=lambda each: (problem.stop_by_id[each].rank, each)))
