"""The last pass over a draft: whatever fits goes in, and no higher rank waits for a lower one it could
replace.

Each step serves one more stop or lifts the rank of what is served, so that the pass ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from targets.routes.planning.draft import Draft, Insertion, Timeline
from targets.routes.planning.problem import Stop


@dataclass(frozen=True, slots=True)
class Swap:
    """`served` goes `at` a place of the route `shorter`, which is that of before without `given_up`."""

    served: Stop
    given_up: Stop
    shorter: Timeline
    at: Insertion

    @property
    def preference(self) -> tuple[tuple[int, int, int], int]:
        """The least is the best: give up the lowest rank, then drive the least."""
        return self.given_up.rank, self.shorter.driving + self.at.added


def repair(draft: Draft) -> None:
    """Fill and swap until neither is possible."""
    fill(draft)
    while swap := next(swaps(draft), None):
        line = swap.shorter.with_stop(swap.served, swap.at.position)
        draft.replace(line, served=swap.served, given_up=swap.given_up)
        fill(draft)


def fill(draft: Draft) -> None:
    """Insert what fits, higher ranks first, each where it adds the least driving."""
    for stop in by_rank(draft.left_out):
        if at := draft.cheapest(stop):
            draft.insert(stop, at)


def by_rank(stops: list[Stop]) -> list[Stop]:
    """Highest first; the id decides between equals, so that the order is always the same."""
    return sorted(stops, key=lambda stop: (stop.rank, -stop.id), reverse=True)


def swaps(draft: Draft) -> Iterator[Swap]:
    """For each stop left out, highest first: the best swap with a planned stop of lower rank, if any."""
    for stop in by_rank(draft.left_out):
        found = min(_swaps_for(draft, stop), key=lambda swap: swap.preference, default=None)
        if found is not None:
            yield found


def _swaps_for(draft: Draft, stop: Stop) -> Iterator[Swap]:
    for line in draft.timelines.values():
        if not line.person.may_serve(stop):
            continue
        for index, planned in enumerate(line.stops):
            if planned.rank < stop.rank and (at := line.without(index).cheapest(stop)):
                yield Swap(stop, planned, line.without(index), at)
