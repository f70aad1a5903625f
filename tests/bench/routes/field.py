"""Field days: what we serve, what VROOM and OR-Tools serve in the same time."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from targets.routes.planning.by_vroom import Orders
from targets.routes.planning.draft import Draft, kept
from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.prices import seconds_for
from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan
from targets.routes.planning.solve import solve
from tests.bench.figures import Figure
from tests.bench.routes import peer
from tests.bench.routes.days import LIGHT, OVER, Day, make
from tests.routes.planning.rules import faults, waiting

_SIZES = (50, 100, 150, 300)
_SEEDS = (1, 2, 3)
_LIGHT_SHARE = 99.8


@dataclass(frozen=True, slots=True)
class Served:
    """Percent of the value of all stops that each one served on one day, and what was wrong with our plan."""

    ours: float
    vroom: float
    ortools: float
    wrong: int


def measure(*, peers: bool) -> Iterator[Figure]:
    """The share of the better peer's value that we served, mean of the seeds; and our faults."""
    wrong = 0
    for load, name in ((OVER, "over-subscribed"), (LIGHT, "light")):
        for size in _SIZES:
            days = [_served(Day(size, load, seed), peers=peers) for seed in _SEEDS]
            wrong += sum(day.wrong for day in days)
            yield from _compared(f"{size} stops, {name}", days, load) if peers else ()
    yield Figure("higher ranks left out for lower, and faults", wrong, "", "0", wrong == 0)


def _compared(what: str, days: list[Served], load: int) -> Iterator[Figure]:
    ours, vroom, ortools = (fmean(getattr(day, who) for day in days) for who in ("ours", "vroom", "ortools"))
    best = max(vroom, ortools)
    least = 100.0 if load == OVER else _LIGHT_SHARE
    print(f"  {what}: ours {ours:.2f} %, VROOM {vroom:.2f} %, OR-Tools {ortools:.2f} %", flush=True)
    share = 100 * ours / best
    yield Figure(f"{what}: of the better peer", share, "%", f">= {least}", share >= least)


def _served(day: Day, *, peers: bool) -> Served:
    problem, seconds = make(day), seconds_for(day.stops)
    plan = solve(problem, seconds=seconds, seed=day.seed)
    return Served(
        ours=_percent(problem, {route.person_id: list(route.stop_ids) for route in plan.routes}),
        vroom=_percent(problem, peer.by_vroom(problem, seconds)) if peers else 0,
        ortools=_percent(problem, peer.by_ortools(problem, seconds)) if peers else 0,
        wrong=_wrong(problem, plan),
    )


def _percent(problem: Problem, orders: Orders) -> float:
    """Of the value of all stops. An order that breaks a rule of ours is cut until it doesn't, and told."""
    people = problem.person_by_id
    broken = [each for each, order in orders.items() if not is_feasible(problem, people[each], order)]
    if broken:
        print(f"  {len(broken)} routes are cut because they break rules", flush=True)
    draft = Draft(problem, {each: kept(problem, people[each], order) for each, order in orders.items()})
    return 100 * draft.worth[1] / sum(stop.prize for stop in problem.stops)


def _wrong(problem: Problem, plan: Plan) -> int:
    found = [*faults(problem, plan), *(str(pair) for pair in waiting(problem, plan))]
    for each in found[:5]:
        print(f"  wrong: {each}", flush=True)
    return len(found)
