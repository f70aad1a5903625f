"""What an answer means for its delivery: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from webhooks.delivery.schedule import asked_wait, next_wait

_GONE = 410


class Fate(Enum):
    """What becomes of a delivery."""

    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate, and for a retry the wait before it."""

    fate: Fate
    wait: timedelta | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return self.fate is Fate.DELIVERED


def judge(
    *,
    status: int | None,
    error: str,
    retry_after: str | None,
    attempts_made: int,
    waits: Sequence[float],
    now: datetime,
    chance: float,
) -> Verdict:
    """Judge the answer to an attempt, which `attempts_made` counts already.

    A 2xx that came in whole is a success; 410 says that nobody is to call again; all else is tried again as
    long as `waits` go (see `next_wait`).
    """
    if status is not None and 200 <= status < 300 and not error:
        return Verdict(Fate.DELIVERED)
    if status == _GONE:
        return Verdict(Fate.GONE)
    asked = asked_wait(retry_after, now=now)
    wait = next_wait(attempts_made, waits=waits, chance=chance, asked=asked)
    return Verdict(Fate.FAILED) if wait is None else Verdict(Fate.RETRY, wait)
