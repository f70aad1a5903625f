"""From a problem to a plan: a first answer, the search, the repair; the better answer is kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from targets.routes.planning.by_pyvrp import search
from targets.routes.planning.by_vroom import Orders, first_orders
from targets.routes.planning.draft import Draft, kept
from targets.routes.planning.problem import Problem
from targets.routes.planning.repair import fill, repair
from targets.routes.planning.solution import Plan

Progress = Callable[[int], bool]
"""Called with a percentage now and then; answers whether to go on."""

_TELL_EVERY = 0.25


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    warm: Plan | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plan the day until the seconds or the iterations are used up, whichever comes first (one is needed).

    The same problem, seed, warm plan and number of iterations give the same plan; `Plan.iterations` says how
    many there were. Where `progress` answers False the best plan so far comes back. The plan keeps all rules
    of `evaluate`; nothing more fits into it, and nothing left out could replace a planned stop of lower rank.
    """
    if seconds is None and iterations is None:
        raise ValueError("Give seconds or iterations.")
    stopping = _Stopping(seconds, iterations, progress)
    if not problem.people or not problem.stops:
        return Draft(problem, {}).plan(iterations=0, seed=seed)
    first = _first(problem, warm)
    found, done = search(first, stopping, seed=seed)
    last = _draft(problem, found)
    repair(last)
    repair(first)
    best = max(last, first, key=lambda draft: draft.worth)
    return best.plan(iterations=done, seed=seed)


def _first(problem: Problem, warm: Plan | None) -> Draft:
    """A feasible draft to start from: what fits of the warm plan, or VROOM's answer."""
    if warm is not None:
        known = problem.stop_by_id
        orders = {r.person_id: [each for each in r.stop_ids if each in known] for r in warm.routes}
        draft = _draft(problem, {each: orders[each] for each in orders if each in problem.person_by_id})
    else:
        draft = _draft(problem, first_orders(problem, level=_level(problem)))
    fill(draft)
    return draft


def _level(problem: Problem) -> int:
    """VROOM's exploration level: the deepest that is done in a blink at this size."""
    return 0


def _draft(problem: Problem, orders: Orders) -> Draft:
    """Orders as a draft, without what breaks a rule."""
    return Draft(
        problem,
        {
            person_id: kept(problem, problem.person_by_id[person_id], order)
            for person_id, order in orders.items()
        },
    )


@dataclass
class _Stopping:
    """Tells PyVRP when to stop; it asks before every iteration."""

    seconds: float | None
    iterations: int | None
    progress: Progress | None
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    told: float = 0

    def __call__(self, best_cost: int) -> bool:
        if self.iterations is not None and self.done >= self.iterations:
            return True
        spent = time.monotonic() - self.begun
        if self.seconds is not None and spent >= self.seconds:
            return True
        self.done += 1
        return not self._goes_on(spent)

    def _goes_on(self, spent: float) -> bool:
        if self.progress is None or spent - self.told < _TELL_EVERY:
            return True
        self.told = spent
        shares = [spent / self.seconds] if self.seconds else []
        shares += [self.done / self.iterations] if self.iterations else []
        return self.progress(min(100, int(100 * max(shares))))
