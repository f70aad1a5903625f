"""From a problem to a plan: a first answer, the search, the repair; the better answer is kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from targets.routes.planning.by_pyvrp import search
from targets.routes.planning.by_vroom import Orders, first_orders
from targets.routes.planning.draft import Draft, kept, with_standing
from targets.routes.planning.problem import Problem
from targets.routes.planning.repair import fill, repair
from targets.routes.planning.solution import Plan

Progress = Callable[[int], bool]
"""Called with a percentage now and then; answers whether to go on."""

_TELL_EVERY = 0.25

# Where breaks lie in their spans, round by round: the search must put each somewhere, the repair need not.
_LEANS = (0.5, 0.2, 0.8)
_ROUND = 3000

# Up to so many stops a first answer of VROOM's and repairs between rounds take no time to speak of.
_USUAL_STOPS = 400


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
    stopping = _Stopping(seconds, iterations, progress, round_=_round(problem))
    if not problem.people or not problem.stops:
        return Draft(problem, {}).plan(iterations=0, seed=seed)
    best = _first(problem, warm)
    repair(best)
    for number in count():
        found, _ = search(best, stopping, seed=seed + number, lean=_LEANS[number % len(_LEANS)])
        last = _draft(problem, found)
        repair(last)
        best = max(last, best, key=lambda draft: draft.worth)
        if not stopping.next_round():
            break
    return best.plan(iterations=stopping.done, seed=seed)


def _round(problem: Problem) -> int | None:
    """Iterations after which the search starts anew, with the breaks elsewhere; None: never."""
    has_breaks = any(person.break_ for person in problem.people)
    return _ROUND if has_breaks and len(problem.stops) <= _USUAL_STOPS else None


def _first(problem: Problem, warm: Plan | None) -> Draft:
    """A feasible draft to start from: what fits of the warm plan, or VROOM's answer.

    VROOM would take longer than the search for great days: there one stop after the other goes in.
    """
    if warm is not None:
        known = problem.stop_by_id
        orders = {r.person_id: [each for each in r.stop_ids if each in known] for r in warm.routes}
        draft = _draft(problem, orders)
    elif len(problem.stops) <= _USUAL_STOPS:
        draft = _draft(problem, first_orders(problem, level=0))
    else:
        draft = _draft(problem, {})
    fill(draft)
    return draft


def _draft(problem: Problem, orders: Orders) -> Draft:
    """Orders as a draft, with what stands and without what breaks a rule."""
    return Draft(
        problem,
        {
            person.id: kept(problem, person, with_standing(problem, person, orders.get(person.id, ())))
            for person in problem.people
        },
    )


@dataclass
class _Stopping:
    """Tells PyVRP when to stop; it asks before every iteration. `round_` iterations make a round."""

    seconds: float | None
    iterations: int | None
    progress: Progress | None
    round_: int | None
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    told: float = 0
    rounds: int = 1
    is_over: bool = False

    def __call__(self, best_cost: int) -> bool:
        if self.round_ is not None and self.done >= self.rounds * self.round_:
            return True
        if self.iterations is not None and self.done >= self.iterations:
            self.is_over = True
        spent = time.monotonic() - self.begun
        if self.seconds is not None and spent >= self.seconds:
            self.is_over = True
        self.is_over = self.is_over or not self._goes_on(spent)
        self.done += not self.is_over
        return self.is_over

    def next_round(self) -> bool:
        """Whether there is another one: not where the search had nothing to do."""
        is_full = self.round_ is not None and self.done >= self.rounds * self.round_
        self.rounds += 1
        return is_full and not self.is_over

    def _goes_on(self, spent: float) -> bool:
        if self.progress is None or spent - self.told < _TELL_EVERY:
            return True
        self.told = spent
        shares = [spent / self.seconds] if self.seconds else []
        shares += [self.done / self.iterations] if self.iterations else []
        return self.progress(min(100, int(100 * max(shares))))
