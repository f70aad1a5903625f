"""Solomon's instances through our own problem type, against the best known distances."""

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import numpy as np

from targets.routes.planning.problem import Ints, Matrix, Person, Problem, Stop, Window
from targets.routes.planning.solve import solve
from tests.bench.figures import Figure
from tests.routes.planning.rules import faults

_DATA = Path(__file__).with_name("data")
_SECONDS = 5
# The benchmark counts tenths; so do we.
_SCALE = 10
BEST_KNOWN = {
    "C101": 827.3,
    "R101": 1637.7,
    "RC101": 1619.8,
    "C201": 589.1,
    "R201": 1143.2,
    "RC201": 1261.8,
    "R211": 746.7,
    "RC208": 776.1,
}


def measure() -> Iterator[Figure]:
    """Mean and greatest gap in percent; a plan that is not sound and whole counts as a gap of 100."""
    gaps = {name: _gap(name) for name in BEST_KNOWN}
    print("  " + ", ".join(f"{name} {gap:.2f} %" for name, gap in gaps.items()), flush=True)
    mean, most = fmean(gaps.values()), max(gaps.values())
    yield Figure("Solomon, mean gap to the best known", mean, "%", "<= 0.5", mean <= 0.5)
    yield Figure("Solomon, greatest gap", most, "%", "<= 2", most <= 2)


def _gap(name: str) -> float:
    problem = read(_DATA / f"{name}.txt")
    plan = solve(problem, seconds=_SECONDS, seed=1)
    if plan.left_out or faults(problem, plan):
        return 100.0
    return 100 * (plan.driving / _SCALE / BEST_KNOWN[name] - 1)


def read(path: Path) -> Problem:
    """An instance: vehicles are people, customers required stops; work may begin until the due date."""
    lines = path.read_text().splitlines()
    vehicles, capacity = (int(each) for each in lines[4].split())
    rows = np.array([[int(each) for each in line.split()] for line in lines[9:] if line.strip()])
    steps = _distances(rows[:, 1:3])
    shift = Window(0, int(rows[0, 5]) * _SCALE)
    people = tuple(Person(number, 0, 0, shift, capacity=capacity) for number in range(vehicles))
    return Problem(tuple(_stop(row) for row in rows[1:]), people, Matrix(steps, steps))


def _stop(row: Ints) -> Stop:
    number, _, _, demand, ready, due, service = (int(each) for each in row)
    window = Window(ready * _SCALE, (due + service) * _SCALE)
    return Stop(number, number, service * _SCALE, (window,), required=True, load=demand)


def _distances(points: Ints) -> Ints:
    """Euclidean, cut off after one decimal."""
    between = points[:, None] - points[None]
    exact = np.sqrt((between.astype(np.float64) ** 2).sum(axis=-1))
    tenths: Ints = np.floor(exact * _SCALE + 1e-9).astype(np.int64)
    return tenths
