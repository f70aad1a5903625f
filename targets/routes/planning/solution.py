"""What was planned: routes with times, and who was left out."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop on a route. Travel is the way to it; `waiting` does not count a break.

    Work lasts from `starts_at` to `departs_at`; a break that follows it is not part of it.
    """

    stop_id: int
    arrives_at: int
    starts_at: int
    departs_at: int
    travel_seconds: int
    travel_meters: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """The day of one person, from leaving to coming back.

    `break_at` is None where there is no break or it falls before leaving or after coming back. `driving`,
    `waiting` and `work` are seconds, `distance` meters, each including the way back.
    """

    person_id: int
    visits: tuple[Visit, ...]
    starts_at: int
    ends_at: int
    break_at: int | None
    distance: int
    driving: int
    waiting: int
    work: int

    @property
    def stop_ids(self) -> tuple[int, ...]:
        return tuple(visit.stop_id for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: which (a code), at which stop (None: the route), by how many seconds or pieces."""

    code: str
    stop_id: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Violations:
    """An order of stops that cannot be kept, laid out all the same as `route`, and what is wrong with it."""

    route: PlannedRoute
    broken: tuple[Violation, ...]


@dataclass(frozen=True)
class Plan:
    """Routes in the order of the problem's people, only those with stops; `left_out` in that of its stops."""

    routes: tuple[PlannedRoute, ...]
    left_out: tuple[int, ...]
    iterations: int
    seed: int

    @cached_property
    def route_of(self) -> dict[int, PlannedRoute]:
        """The route of each planned stop."""
        return {visit.stop_id: route for route in self.routes for visit in route.visits}

    @property
    def driving(self) -> int:
        return sum(route.driving for route in self.routes)
