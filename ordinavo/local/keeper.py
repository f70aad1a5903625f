"""Keeps the crew complete: a child that dies is started again, later each time while it keeps dying."""

import time

from ordinavo.local.children import Child, Spec
from ordinavo.local.crew import Crew

_LONGEST = 30.0
# A child that lived so long is taken to be well again.
_WELL_AFTER = 60.0


def next_delay(delay: float, *, lived: float) -> float:
    """Return how many seconds to wait before the next start of a child that lived so many seconds."""
    return 1.0 if lived >= _WELL_AFTER or delay == 0 else min(delay * 2, _LONGEST)


class Keeper:
    """Watches a crew until we are asked to stop."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self._delays: dict[str, float] = {}
        self._due: dict[str, tuple[float, Spec]] = {}

    def stay(self) -> None:
        """Restart what dies, for ever; leaves with Stopped."""
        while True:
            self.crew.check()
            self.round()
            self.crew.pump(0.5)

    def round(self) -> None:
        """Plan a new start for whoever has just died and start whoever is due."""
        for child in self.crew.ended():
            if child.spec.name not in self._due:
                self._plan(child)
        now = time.monotonic()
        for name, (due, spec) in list(self._due.items()):
            if due <= now:
                del self._due[name]
                self.crew.start(spec)

    def _plan(self, child: Child) -> None:
        name, now = child.spec.name, time.monotonic()
        code = self.crew.settle(child)
        delay = next_delay(self._delays.get(name, 0.0), lived=now - child.started)
        self._delays[name] = delay
        self._due[name] = (now + delay, child.spec)
        self.crew.say("ordinavo", f"{name} ended unexpectedly (exit code {code}); again in {delay:g} s")
