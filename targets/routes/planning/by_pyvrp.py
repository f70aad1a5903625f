"""The search itself, by PyVRP: our problem as one of loads, prizes and single windows, and back.

The price of a way is its seconds, so that a limit of driving is one of distance. A stop of several windows
is a group of clones that exclude each other. Skills and pins are loads (see `loads`), breaks are cut out
of time (see `clock`).
"""

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyvrp
from pyvrp import IteratedLocalSearchParams
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import NeighbourhoodParams, PerturbationParams
from pyvrp.solve import SolveParams
from pyvrp.stop import StoppingCriterion

from targets.routes.planning.by_vroom import Orders
from targets.routes.planning.clock import Clocks
from targets.routes.planning.draft import Draft
from targets.routes.planning.evaluate import schedule
from targets.routes.planning.loads import dimensions
from targets.routes.planning.problem import UNREACHABLE, Person, Problem, Stop, Window
from targets.routes.planning.solution import PlannedRoute

_LONGEST = 1 << 40


# Shorter steps and less to forget than PyVRP's own: we have seconds, not minutes.
_PARAMETERS = SolveParams(
    ils=IteratedLocalSearchParams(history_length=50),
    neighbourhood=NeighbourhoodParams(num_neighbours=40),
    perturbation=PerturbationParams(1, 15),
)


def search(first: Draft, stopping: StoppingCriterion, *, seed: int, lean: float = 0.5) -> tuple[Orders, int]:
    """The best orders found from a draft on until `stopping` says so, and the iterations done.

    What comes back keeps the rules of the model, which are not quite those of the problem.
    """
    model = Model(first.problem, fair_share=first.fair_share, lean=lean)
    if not model.clones:
        return {}, 0
    with warnings.catch_warnings():
        # Days on which much is confined to few people drive the penalties up; that does no harm.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(
            model.data,
            stopping,
            seed=seed,
            collect_stats=False,
            params=_parameters(first.problem),
            initial_solution=model.solution(first.orders),
        )
    return model.orders(result.best), result.num_iterations


def _parameters(problem: Problem) -> SolveParams:
    """Where every stop must be served only ways are left to save, and PyVRP's own parameters do that best."""
    return SolveParams() if all(stop.required for stop in problem.stops) else _PARAMETERS


class Model:
    """The problem in PyVRP's words. `clones` are the clients in order, each a stop in one of its windows."""

    def __init__(self, problem: Problem, *, fair_share: int, lean: float = 0.5) -> None:
        """`fair_share` is the seconds of a day beyond which it counts as more than the others'."""
        self.problem = problem
        self.fair_share = fair_share
        self.zero = min(person.shift.start for person in problem.people)
        self.clocks = Clocks(problem, lean)
        self.dimensions = dimensions(problem)
        self.clones = [(stop, span) for stop in problem.stops for span in self._spans(stop)]
        self.clients_of: dict[int, list[int]] = {}
        for client, (stop, _) in enumerate(self.clones):
            self.clients_of.setdefault(stop.id, []).append(client)

    def _spans(self, stop: Stop) -> list[Window]:
        """When the work may start, on the shorter clock, from 0 on."""
        spans = [self.clocks.shared(stop, span) for span in stop.starts]
        return [
            Window(max(0, span.start - self.zero), span.end - self.zero)
            for span in spans
            if span.end >= self.zero
        ]

    @cached_property
    def kinds(self) -> list[list[Person]]:
        """People who are alike to the search: it is much quicker when it knows."""
        kinds: dict[object, list[Person]] = {}
        for person in self.problem.people:
            cut = self.clocks.cut_of[person.id]
            alike = (person.start_index, person.end_index, person.shift, cut, person.max_driving)
            kinds.setdefault((alike, *self._room(person)), []).append(person)
        return list(kinds.values())

    def _room(self, person: Person) -> list[int]:
        return [each.room(person) for each in self.dimensions]

    @cached_property
    def data(self) -> pyvrp.ProblemData:
        """All of it; locations are the places of the matrix."""
        # PyVRP's annotation knows no shape that an array of ours could have.
        seconds: Any = self.problem.matrix.seconds
        return pyvrp.ProblemData(
            [pyvrp.Location(0, 0)] * len(seconds),
            self._clients(),
            [pyvrp.Depot(place) for place in self._depots],
            [self._vehicle_type(kind) for kind in self.kinds],
            [seconds],
            [seconds],
            [pyvrp.ClientGroup(clients, required=False) for clients in self._groups],
        )

    @cached_property
    def _depots(self) -> list[int]:
        ends = {place for person in self.problem.people for place in (person.start_index, person.end_index)}
        return sorted(ends)

    @cached_property
    def _groups(self) -> list[list[int]]:
        return [clients for clients in self.clients_of.values() if len(clients) > 1]

    def _clients(self) -> list[pyvrp.Client]:
        group_of = {client: n for n, clients in enumerate(self._groups) for client in clients}
        return [self._client(n, *clone, group_of.get(n)) for n, clone in enumerate(self.clones)]

    def _client(self, number: int, stop: Stop, span: Window, group: int | None) -> pyvrp.Client:
        return pyvrp.Client(
            stop.place_index,
            delivery=[each.takes(stop) for each in self.dimensions],
            service_duration=stop.service,
            tw_early=span.start,
            tw_late=span.end,
            prize=self.prize(stop),
            required=False,
            group=group,
        )

    def prize(self, stop: Stop) -> int:
        """More than any detour, so that nobody is left out to save a way; required ones beat all others."""
        return self._unit * (self._most_prize * 10 if stop.required else max(1, stop.prize))

    @cached_property
    def _unit(self) -> int:
        seconds = self.problem.matrix.seconds
        return 2 * int(seconds[seconds < UNREACHABLE].max(initial=1))

    @cached_property
    def _most_prize(self) -> int:
        return max(1, *(stop.prize for stop in self.problem.stops))

    def _vehicle_type(self, kind: list[Person]) -> pyvrp.VehicleType:
        person = kind[0]
        cut = self.clocks.cut_of[person.id]
        return pyvrp.VehicleType(
            len(kind),
            capacity=self._room(person),
            start_depot=self._depots.index(person.start_index),
            end_depot=self._depots.index(person.end_index),
            tw_early=cut(person.shift.start) - self.zero,
            tw_late=cut(person.shift.end) - self.zero,
            max_distance=_LONGEST if person.max_driving is None else person.max_driving,
            # Where shares are to be fair each second beyond one's own costs as much as one of driving.
            shift_duration=self.fair_share if self.problem.options.balance else _LONGEST,
            max_overtime=_LONGEST if self.problem.options.balance else 0,
            unit_overtime_cost=1,
        )

    def solution(self, orders: Mapping[int, Sequence[int]]) -> pyvrp.Solution:
        """Our orders, each feasible, as PyVRP's solution."""
        routes = [
            pyvrp.Route(self.data, self._visits(person, order), number)
            for number, kind in enumerate(self.kinds)
            for person in kind
            if (order := orders.get(person.id))
        ]
        return pyvrp.Solution(self.data, routes)

    def _visits(self, person: Person, order: Sequence[int]) -> list[int]:
        # Clones of a stop differ in time, so that the times must be known; an order that cannot be kept
        # has some too.
        laid_out = schedule(self.problem, person, order)
        route = laid_out if isinstance(laid_out, PlannedRoute) else laid_out.route
        cut = self.clocks.cut_of[person.id]
        return [self._clone(visit.stop_id, cut(visit.starts_at) - self.zero) for visit in route.visits]

    def _clone(self, stop_id: int, second: int) -> int:
        """The client of the stop whose window is nearest to that second."""
        return min(self.clients_of[stop_id], key=lambda client: _distance(self.clones[client][1], second))

    def orders(self, solution: pyvrp.Solution) -> Orders:
        """PyVRP's solution as orders of ours."""
        free = [list(kind) for kind in self.kinds]
        orders: Orders = {}
        for route in solution.routes():
            person = free[route.vehicle_type()].pop(0)
            visited = [each.idx for each in route.schedule() if each.is_client()]
            orders[person.id] = [self.clones[client][0].id for client in visited]
        return orders


def _distance(span: Window, second: int) -> int:
    return max(span.start - second, second - span.end, 0)
