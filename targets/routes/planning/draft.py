"""A plan in the making: routes that answer at once whether and where one more stop fits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from targets.routes.planning.evaluate import schedule
from targets.routes.planning.labels import (
    Pair,
    back_through,
    first_moment,
    in_time,
    last_moment,
    through,
)
from targets.routes.planning.problem import Person, Problem, Stop
from targets.routes.planning.solution import Plan, PlannedRoute


@dataclass(frozen=True, slots=True)
class Insertion:
    """A place in a route: before the stop that now stands at `position`; `added` is the driving it costs."""

    person_id: int
    position: int
    added: int


class Timeline:
    """An order of stops of one person, with what is known about time at each of them. It never changes.

    `leaving[k]` is the moment of leaving the start (k = 0) or the k-th stop; `latest[k]` the latest moment of
    arriving at the (k+1)-th stop, or at the end.
    """

    def __init__(self, problem: Problem, person: Person, stops: Sequence[Stop]) -> None:
        self.problem = problem
        self.person = person
        self.stops = list(stops)
        self.path = [person.start_index, *(stop.place_index for stop in stops), person.end_index]
        rows = problem.matrix.rows
        self.legs = [rows[here][there] for here, there in pairwise(self.path)]
        self.driving = sum(self.legs) if self.stops else 0
        self.load = sum(stop.load for stop in stops)
        self._look_ahead()
        self._look_back()
        self._cheapest: dict[int, Insertion | None] = {}
        self._without: dict[int, Timeline] = {}

    def _look_ahead(self) -> None:
        self.leaving: list[Pair] = [first_moment(self.person)]
        for leg, stop in zip(self.legs, self.stops, strict=False):
            open_, rested = self.leaving[-1]
            self.leaving.append(through(stop, self.person.break_, (open_ + leg, rested + leg)))

    def _look_back(self) -> None:
        latest: list[Pair] = [last_moment(self.person)]
        for leg, stop in zip(reversed(self.legs), reversed(self.stops), strict=False):
            open_, rested = latest[-1]
            latest.append(back_through(stop, self.person.break_, (open_ - leg, rested - leg)))
        self.latest = latest[::-1]

    @property
    def stop_ids(self) -> tuple[int, ...]:
        return tuple(stop.id for stop in self.stops)

    @property
    def busy(self) -> int:
        """Seconds of work and driving."""
        return self.driving + sum(stop.service for stop in self.stops)

    @property
    def returning(self) -> Pair:
        """The moment of coming back."""
        open_, rested = self.leaving[-1]
        back = self.legs[-1] if self.stops else 0
        return open_ + back, rested + back

    @property
    def is_feasible(self) -> bool:
        """Whether the stops as they stand keep all rules."""
        return (
            in_time(self.returning, self.latest[-1])
            and self._takes(extra_stops=0, extra_load=0)
            and self._drives(0)
            and all(self.person.may_serve(stop) for stop in self.stops)
        )

    def has_room(self, stop: Stop, added: int) -> bool:
        """Whether skills, pins and limits let one stop more in, time apart."""
        return (
            self.person.may_serve(stop)
            and self._takes(extra_stops=1, extra_load=stop.load)
            and self._drives(added)
        )

    def insertions(self, stop: Stop) -> Iterator[Insertion]:
        """Every position at which the stop fits."""
        if not (self.person.may_serve(stop) and self._takes(extra_stops=1, extra_load=stop.load)):
            return
        for position in range(len(self.stops) + 1):
            there, back, added = self.detour(stop, position)
            open_, rested = self.leaving[position]
            left = through(stop, self.person.break_, (open_ + there, rested + there))
            if in_time((left[0] + back, left[1] + back), self.latest[position]) and self._drives(added):
                yield Insertion(self.person.id, position, added)

    def cheapest(self, stop: Stop) -> Insertion | None:
        """The insertion that adds the least driving, the first one of equals; remembered by the stop's id."""
        if stop.id not in self._cheapest:
            self._cheapest[stop.id] = min(self.insertions(stop), key=lambda each: each.added, default=None)
        return self._cheapest[stop.id]

    def detour(self, stop: Stop, position: int) -> tuple[int, int, int]:
        """The way there, the way on, and the driving added, in seconds."""
        rows = self.problem.matrix.rows
        there = rows[self.path[position]][stop.place_index]
        back = rows[stop.place_index][self.path[position + 1]]
        return there, back, there + back - (self.legs[position] if self.stops else 0)

    def with_stop(self, stop: Stop, position: int) -> "Timeline":
        """The route with the stop before `position`."""
        stops = [*self.stops[:position], stop, *self.stops[position:]]
        return Timeline(self.problem, self.person, stops)

    def without(self, position: int) -> "Timeline":
        """The route without the stop at `position`; remembered."""
        if position not in self._without:
            stops = [*self.stops[:position], *self.stops[position + 1 :]]
            self._without[position] = Timeline(self.problem, self.person, stops)
        return self._without[position]

    def _takes(self, *, extra_stops: int, extra_load: int) -> bool:
        most = self.problem.most_stops(self.person)
        if most is not None and len(self.stops) + extra_stops > most:
            return False
        return self.person.capacity is None or self.load + extra_load <= self.person.capacity

    def _drives(self, added: int) -> bool:
        return self.person.max_driving is None or self.driving + added <= self.person.max_driving


class Draft:
    """Timelines of all people, and the stops that none of them serves."""

    def __init__(self, problem: Problem, orders: dict[int, Sequence[int]]) -> None:
        """`orders` are ids of stops by id of person; each order must be feasible."""
        self.problem = problem
        self.timelines = {
            person.id: Timeline(
                problem, person, [problem.stop_by_id[each] for each in orders.get(person.id, ())]
            )
            for person in problem.people
        }
        planned = {each for order in orders.values() for each in order}
        self.left_out = [stop for stop in problem.stops if stop.id not in planned]

    @property
    def orders(self) -> dict[int, Sequence[int]]:
        return {person_id: line.stop_ids for person_id, line in self.timelines.items()}

    def cheapest(self, stop: Stop) -> Insertion | None:
        """The best insertion over all people; the first one of equals."""
        found = (line.cheapest(stop) for line in self.timelines.values())
        return min((each for each in found if each), key=lambda each: each.added, default=None)

    def insert(self, stop: Stop, at: Insertion) -> None:
        """Plan a stop that was left out."""
        self.timelines[at.person_id] = self.timelines[at.person_id].with_stop(stop, at.position)
        self.left_out = [each for each in self.left_out if each.id != stop.id]

    def replace(self, timeline: Timeline, *, served: Stop, given_up: Stop) -> None:
        """Set a route in which one stop took the place of another."""
        self.timelines[timeline.person.id] = timeline
        self.left_out = [each for each in self.left_out if each.id != served.id]
        self.left_out.append(given_up)

    @property
    def worth(self) -> tuple[int, int, int]:
        """What makes a draft better than another: required stops, prizes, little driving, fair shares."""
        lines = self.timelines.values()
        stops = [stop for line in lines for stop in line.stops]
        cost = sum(line.driving for line in lines)
        if self.problem.options.balance:
            cost += sum(max(0, line.busy - self.fair_share) for line in lines)
        return sum(stop.required for stop in stops), sum(stop.prize for stop in stops), -cost

    @property
    def fair_share(self) -> int:
        """Seconds of work and driving that each person would have if all had the same."""
        return sum(line.busy for line in self.timelines.values()) // max(1, len(self.timelines))

    def plan(self, *, iterations: int, seed: int) -> Plan:
        """Lay out what stands here; the evaluation has the last word."""
        routes = [route for line in self.timelines.values() if (route := _laid_out(line))]
        planned = {visit.stop_id for route in routes for visit in route.visits}
        left_out = tuple(stop.id for stop in self.problem.stops if stop.id not in planned)
        return Plan(tuple(routes), left_out, iterations, seed)


def draft_of(problem: Problem, plan: Plan) -> Draft:
    """The draft that a plan was made of."""
    return Draft(problem, {route.person_id: route.stop_ids for route in plan.routes})


def _laid_out(timeline: Timeline) -> PlannedRoute | None:
    if not timeline.stops:
        return None
    route = schedule(timeline.problem, timeline.person, timeline.stop_ids)
    if not isinstance(route, PlannedRoute):
        raise AssertionError(f"The route of {timeline.person.id} was laid out with {route.broken}.")
    return route


def with_standing(problem: Problem, person: Person, order: Iterable[int]) -> list[int]:
    """The order with all visits of the person that stand, each before the next one of them."""
    found, standing = list(order), problem.standing_of(person)
    for number, stop in enumerate(standing):
        later = {each.id for each in standing[number:]}
        if stop.id not in found:
            found.insert(next((at for at, each in enumerate(found) if each in later), len(found)), stop.id)
    return found


def kept(problem: Problem, person: Person, order: Iterable[int]) -> tuple[int, ...]:
    """The order without the stops that break it: the ones of least rank give way first, what stands never."""
    stops = [problem.stop_by_id[each] for each in order]
    chosen = [stop for stop in stops if person.may_serve(stop)]
    while not (line := Timeline(problem, person, chosen)).is_feasible:
        chosen.remove(_weakest(line))
    return tuple(stop.id for stop in chosen)


def _weakest(line: Timeline) -> Stop:
    """The stop to give up: of least rank among those that repair the most; at last the one of least rank."""
    gone = [each for each in enumerate(line.stops) if not each[1].stands] or list(enumerate(line.stops))
    ordered = sorted(gone, key=lambda each: each[1].rank)
    for index, stop in ordered:
        if line.without(index).is_feasible:
            return stop
    return ordered[0][1]
