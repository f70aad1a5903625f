"""From the click to the draft with all explanations: 150 stops for 10 people, and 1,000 for 60."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from targets.routes.planning.changes import holds
from targets.routes.planning.evaluate import is_feasible
from targets.routes.planning.explain import Explanation, explain
from targets.routes.planning.prices import seconds_for
from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan
from targets.routes.planning.solve import solve
from targets.routes.planning.why import why_all
from tests.bench.figures import Figure
from tests.bench.routes.days import Day, make
from tests.routes.planning.rules import faults


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of all and of explaining alone, and how many were explained, proved and wrong."""

    seconds: float
    explaining: float
    left_out: int
    proved: int
    changes: int
    changes_held: int
    faults: int
    mebibytes: float


def measure_usual() -> Iterator[Figure]:
    """150 stops, 10 people."""
    done = _in_own_process(150, 15)
    per_30 = done.explaining * 30 / max(30, done.left_out)
    proved = 100 * done.proved / max(1, done.left_out)
    held = 100 * done.changes_held / max(1, done.changes)
    yield Figure(
        "150 stops, 10 people: draft with explanations", done.seconds, "s", "<= 7", done.seconds <= 7
    )
    yield Figure("exclusions proved against everybody", proved, "%", "100", proved == 100)
    yield Figure("counterfactuals that hold", held, "%", "100", held == 100)
    yield Figure("explaining 30 exclusions", per_30, "s", "<= 1", per_30 <= 1)


def measure_great() -> Iterator[Figure]:
    """1,000 stops, 60 people."""
    done = _in_own_process(1000, 1000 / 60)
    yield Figure("1,000 stops, 60 people: faults", done.faults, "", "0", done.faults == 0)
    yield Figure("1,000 stops: draft with explanations", done.seconds, "s", "<= 60", done.seconds <= 60)
    yield Figure("1,000 stops: memory at most", done.mebibytes, "MiB", "<= 600", done.mebibytes <= 600)


def _in_own_process(stops: int, load: float) -> Measured:
    """Memory is that of a process that does nothing else."""
    command = [sys.executable, "-m", "tests.bench.routes.drafts", str(stops), str(load)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measured(**json.loads(done.stdout))


def _measured(stops: int, load: float) -> Measured:
    problem = make(Day(stops, load, 1))
    begun = time.perf_counter()
    plan = solve(problem, seconds=seconds_for(stops), seed=1)
    solved = time.perf_counter()
    told = explain(problem, plan)
    explained = time.perf_counter()
    why_all(problem, plan)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    changes = [
        (each.stop_id, change) for each in told for change in (each.counterfactual, each.near_miss) if change
    ]
    return Measured(
        seconds=ended - begun,
        explaining=explained - solved,
        left_out=len(told),
        proved=sum(_is_proved(problem, plan, each) for each in told),
        changes=len(changes),
        changes_held=sum(holds(problem, plan, stop_id, change) for stop_id, change in changes),
        faults=len(faults(problem, plan)),
        mebibytes=peak,
    )


def _is_proved(problem: Problem, plan: Plan, told: Explanation) -> bool:
    """Every person: alone, then at every place of their route, by the evaluation."""
    orders = {route.person_id: list(route.stop_ids) for route in plan.routes}
    for person_id, code in told.reasons:
        person, order = problem.person_by_id[person_id], orders.get(person_id, [])
        if is_feasible(problem, person, [told.stop_id]) != (code == "capacity_full"):
            return False
        if any(
            is_feasible(problem, person, [*order[:place], told.stop_id, *order[place:]])
            for place in range(len(order) + 1)
        ):
            return False
    return len(told.reasons) == len(problem.people)


if __name__ == "__main__":
    print(json.dumps(asdict(_measured(int(sys.argv[1]), float(sys.argv[2])))))
