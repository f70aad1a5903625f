"""How many deliveries to one subscription may be under way, and whose turn it is: pure.

A window starts small, grows with every success and falls to one at the first failure, so that receivers that
answer get the room and dead ones hold a single place each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

START = 2


@dataclass(slots=True)
class Window:
    """The window of one subscription: how wide it is, how much of it is taken, and whether its receiver
    answered well when it was last heard."""

    most: int
    width: int = START
    under_way: int = 0
    answers: bool = False

    def __post_init__(self) -> None:
        self.width = min(self.width, self.most)

    @property
    def room(self) -> int:
        """How many more may be sent."""
        return max(0, self.width - self.under_way)

    def send(self) -> None:
        """Take a place."""
        self.under_way += 1

    def succeed(self) -> None:
        """Free a place; a receiver that takes what it gets is given more."""
        self.under_way -= 1
        self.answers = True
        self.width = min(self.width + 1, self.most)

    def fail(self) -> None:
        """Free a place, and start again from one."""
        self.under_way -= 1
        self.answers = False
        self.width = 1

    def withdraw(self) -> None:
        """Free the place of what was not sent after all."""
        self.under_way -= 1


def allot(rooms: Mapping[int, int], *, total: int, order: Sequence[int]) -> dict[int, int]:
    """Share `total` places among subscriptions, each up to its room, as evenly as can be.

    Where not even one more is there for everybody, those that come first in `order` get it.
    """
    given = dict.fromkeys(order, 0)
    asking = [key for key in order if rooms[key] > 0]
    while total > 0 and asking:
        share = max(1, total // len(asking))
        for key in asking[:total]:
            more = min(share, rooms[key] - given[key], total)
            given[key] += more
            total -= more
        asking = [key for key in asking if given[key] < rooms[key]]
    return {key: count for key, count in given.items() if count}


def rotated(keys: Sequence[int], *, after: int) -> list[int]:
    """Return sorted keys beginning behind one of them, so that everybody comes first once."""
    ordered = sorted(keys)
    return [key for key in ordered if key > after] + [key for key in ordered if key <= after]
