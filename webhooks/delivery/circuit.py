"""What answers say about the health of a receiver: pure.

A receiver that fails again and again is left alone for as long as it has been failing already, within bounds;
then a single request finds out whether it lives. So the waits double, and nothing need be counted for that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """After how many failures in a row a circuit opens, and the shortest and the longest time it stays so."""

    failures: int
    shortest: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver does. `failing_since` is the first failure after the last success."""

    failing_since: datetime | None = None
    failure_streak: int = 0
    last_success_at: datetime | None = None
    circuit_open_until: datetime | None = None

    def is_failing_for(self, patience: timedelta, *, now: datetime) -> bool:
        """Whether there was nothing but failure for so long."""
        return self.failing_since is not None and now - self.failing_since >= patience


@dataclass(frozen=True, slots=True)
class Seen:
    """One attempt, as far as health goes. What somebody asked for by hand doesn't count as a failure."""

    succeeded: bool
    started_at: datetime
    ended_at: datetime
    by_hand: bool = False


def after(health: Health, attempts: Iterable[Seen], policy: Policy) -> Health:
    """Return the health after these attempts, in the order of their ends."""
    for seen in attempts:
        health = _after_one(health, seen, policy)
    return health


def _after_one(health: Health, seen: Seen, policy: Policy) -> Health:
    if seen.by_hand:
        # It proves that the receiver lives, which is what an open circuit wants to know.
        return replace(health, circuit_open_until=None) if seen.succeeded else health
    if seen.succeeded:
        return Health(last_success_at=seen.ended_at)
    since, streak = health.failing_since or seen.ended_at, health.failure_streak + 1
    failed = replace(health, failing_since=since, failure_streak=streak)
    until = health.circuit_open_until
    # What was under way when it opened is the same failure, not a probe.
    if streak < policy.failures or (until is not None and seen.started_at < until):
        return failed
    wait = min(max(seen.ended_at - since, policy.shortest), policy.longest)
    return replace(failed, circuit_open_until=seen.ended_at + wait)


def room_of(room: int, *, open_until: datetime | None, under_way: int, now: datetime) -> int:
    """Return how much of its room a receiver gets: all while the circuit is closed, none while it is open,
    then one probe."""
    if open_until is None:
        return room
    return 1 if open_until <= now and not under_way else 0
