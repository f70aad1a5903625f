"""OR-Tools on one of our days, in an environment of its own: reads JSON, writes orders."""

import json
import sys
from itertools import pairwise
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2


def main() -> None:
    """Read the day, write the order of stops of each person."""
    day = json.load(sys.stdin)
    print(json.dumps(_orders(day)))


def _orders(day: dict[str, Any]) -> list[list[int]]:
    """Person and stop numbers are places in the lists of the day."""
    people, stops = day["people"], day["stops"]
    places = [stop["place"] for stop in stops] + [p["start"] for p in people] + [p["end"] for p in people]
    first_start = len(stops)
    starts = list(range(first_start, first_start + len(people)))
    ends = list(range(first_start + len(people), first_start + 2 * len(people)))
    manager = pywrapcp.RoutingIndexManager(len(places), len(people), starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    _restrict(day, manager, routing, places)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(day["seconds"] * 1000))
    answer = routing.SolveWithParameters(parameters)
    return _read(manager, routing, answer, len(people)) if answer else [[] for _ in people]


def _restrict(day: dict[str, Any], manager: Any, routing: Any, places: list[int]) -> None:
    seconds, stops, people = day["seconds_between"], day["stops"], day["people"]
    service = [stop["service"] for stop in stops] + [0] * (2 * len(people))

    def driven(one: int, other: int) -> int:
        return int(seconds[places[manager.IndexToNode(one)]][places[manager.IndexToNode(other)]])

    def spent(one: int, other: int) -> int:
        work: int = service[manager.IndexToNode(one)]
        return driven(one, other) + work

    drive, spend = routing.RegisterTransitCallback(driven), routing.RegisterTransitCallback(spent)
    routing.SetArcCostEvaluatorOfAllVehicles(drive)
    routing.AddDimension(spend, day["horizon"], day["horizon"], False, "time")
    limits = [person["max_driving"] or day["horizon"] for person in people]
    routing.AddDimensionWithVehicleCapacity(drive, 0, limits, True, "driving")
    one = routing.RegisterUnaryTransitCallback(lambda index: int(manager.IndexToNode(index) < len(stops)))
    most = [person["max_stops"] or len(stops) for person in people]
    routing.AddDimensionWithVehicleCapacity(one, 0, most, True, "stops")
    _set_stops(day, manager, routing)
    _set_people(day, manager, routing, service)


def _set_stops(day: dict[str, Any], manager: Any, routing: Any) -> None:
    time = routing.GetDimensionOrDie("time")
    for number, stop in enumerate(day["stops"]):
        index = manager.NodeToIndex(number)
        routing.AddDisjunction([index], stop["prize"])
        routing.VehicleVar(index).SetValues([-1, *stop["people"]])
        spans = stop["starts"]
        moment = time.CumulVar(index)
        moment.SetRange(max(0, spans[0][0]), min(day["horizon"], spans[-1][1]))
        for before, after in pairwise(spans):
            moment.RemoveInterval(before[1] + 1, after[0] - 1)


def _set_people(day: dict[str, Any], manager: Any, routing: Any, service: list[int]) -> None:
    time = routing.GetDimensionOrDie("time")
    # Indices beyond the nodes are starts and ends of vehicles.
    visited = [service[manager.IndexToNode(index)] for index in range(routing.Size())]
    for number, person in enumerate(day["people"]):
        time.CumulVar(routing.Start(number)).SetRange(*person["shift"])
        time.CumulVar(routing.End(number)).SetRange(*person["shift"])
        if person["break"]:
            first, last, length = person["break"]
            pause = routing.solver().FixedDurationIntervalVar(first, last, length, False, f"break {number}")
            time.SetBreakIntervalsOfVehicle([pause], number, visited)


def _read(manager: Any, routing: Any, answer: Any, people: int) -> list[list[int]]:
    orders = []
    for number in range(people):
        index, order = answer.Value(routing.NextVar(routing.Start(number))), []
        while not routing.IsEnd(index):
            order.append(manager.IndexToNode(index))
            index = answer.Value(routing.NextVar(index))
        orders.append(order)
    return orders


if __name__ == "__main__":
    main()
