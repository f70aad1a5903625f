"""How long a dispatcher waits before it looks again: pure.

It looks often while things move, ever less often when they don't, and so costs next to nothing when idle.
"""

from dataclasses import dataclass

SHORTEST = 0.025
LONGEST = 0.4
# For so long after the last movement the next one is expected any moment.
_LIVELY = 0.5


@dataclass(slots=True)
class Pace:
    """What the last movement was; all times in seconds of one clock."""

    moved_at: float = float("-inf")
    pause: float = SHORTEST

    def move(self, now: float) -> None:
        """Note that something was claimed or came back."""
        self.moved_at, self.pause = now, SHORTEST

    def next_pause(self, now: float, *, until_next: float | None) -> float:
        """Return how long to wait; what is known to fall due in `until_next` seconds is not slept over."""
        if now - self.moved_at > _LIVELY:
            self.pause = min(self.pause * 2, LONGEST)
        return self.pause if until_next is None else max(0.0, min(self.pause, until_next))

    def is_idle(self, now: float, *, after: float) -> bool:
        """Whether nothing has moved for so many seconds."""
        return now - self.moved_at >= after
