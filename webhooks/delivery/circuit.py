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
    """One attempt, as far as health goes. What was asked for by hand is a probe, but belongs to no streak."""

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
    if seen.succeeded:
        by_hand = replace(health, circuit_open_until=None)
        return by_hand if seen.by_hand else Health(last_success_at=seen.ended_at)
    if not seen.by_hand:
        since, streak = health.failing_since or seen.ended_at, health.failure_streak + 1
        health = replace(health, failing_since=since, failure_streak=streak)
    return _opened(health, seen, policy)


def _opened(health: Health, failure: Seen, policy: Policy) -> Health:
    since, until = health.failing_since, health.circuit_open_until
    # What was under way when it opened is the same failure, not a probe.
    if health.failure_streak < policy.failures or (until is not None and failure.started_at < until):
        return health
    wait = min(max(failure.ended_at - (since or failure.ended_at), policy.shortest), policy.longest)
    return replace(health, circuit_open_until=failure.ended_at + wait)


def room_of(room: int, *, open_until: datetime | None, under_way: int, now: datetime) -> int:
    """Return how much of its room a receiver gets: all while the circuit is closed, none while it is open,
    then one probe."""
    if open_until is None:
        return room
    return 1 if open_until <= now and not under_way else 0
