"""The search itself, by PyVRP: our problem as one of capacities, prizes and single windows, and back.

Who may serve whom is a load: one dimension for each set of people that some stop is confined to, of which all
others have no room. The price of a way is its seconds, so that a limit of driving is one of distance. A stop of
several windows is a group of clones that exclude each other. Breaks are cut out of time (see `clock`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyvrp
from pyvrp.search import NeighbourhoodParams
from pyvrp.solve import SolveParams

from targets.routes.planning.by_vroom import Orders
from targets.routes.planning.clock import Cut, cut_of, shared
from targets.routes.planning.problem import UNREACHABLE, Person, Problem, Stop, Window

Stopping = Callable[[float], bool]


@dataclass(frozen=True)
class Model:
    """`data` is PyVRP's; `stop_of` names the stop of each client, `people_of` those of each vehicle type."""

    data: pyvrp.ProblemData
    stop_of: list[int]
    people_of: list[list[int]]


def search(problem: Problem, first: Orders, stopping: Stopping, *, seed: int) -> tuple[Orders, int]:
    """The best orders found from `first` on until `stopping` says so, and the iterations done."""
    model = modelled(problem)
    start = _solution(model, problem, first)
    result = pyvrp.solve(model.data, stopping, seed=seed, collect_stats=False, initial_solution=start)
    return _orders(model, result.best), result.num_iterations


def modelled(problem: Problem) -> Model:
    """The problem in PyVRP's words."""
    kinds = _kinds(problem)
    cuts = sorted({cut_of(person) for person in problem.people})
    zero = min(person.shift.start for person in problem.people)
    confined = _confined(problem)
    prize = _prizes(problem)
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    stop_of: list[int] = []
    for stop in problem.stops:
        spans = _spans(stop, cuts, zero)
        if len(spans) > 1:
            groups.append(pyvrp.ClientGroup(list(range(len(clients), len(clients) + len(spans))), required=False))
        for span in spans:
            stop_of.append(stop.id)
            clients.append(_client(stop, span, confined, prize(stop), len(groups) - 1 if len(spans) > 1 else None))
    places = sorted({place for person in problem.people for place in (person.start_index, person.end_index)})
    depots = [pyvrp.Depot(place) for place in places]
    vehicles = [
        _vehicle(kind, problem, confined, [places.index(kind[0].start_index), places.index(kind[0].end_index)], zero)
        for kind in kinds
    ]
    seconds = problem.matrix.seconds
    locations = [pyvrp.Location(0, 0)] * len(seconds)
    data = pyvrp.ProblemData(locations, clients, depots, vehicles, [seconds], [seconds], groups)
    return Model(data, stop_of, [[person.id for person in kind] for kind in kinds])
