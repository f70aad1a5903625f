"""When a delivery that failed is tried again: pure, since retry is data."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Spreads the retries of what failed together; a share of the wait, up and down.
JITTER = 0.2


def next_wait(
    attempts_made: int, *, waits: Sequence[float], chance: float, asked: timedelta | None = None
) -> timedelta | None:
    """Return the wait before the next attempt, None when patience is over.

    `waits` are the seconds after the first, second, … attempt; `chance` a random number from 0 to 1; `asked`
    what the receiver asked for, which lengthens the wait up to the next step at most.
    """
    if attempts_made > len(waits):
        return None
    wait = timedelta(seconds=waits[attempts_made - 1] * (1 + JITTER * (2 * chance - 1)))
    longest = timedelta(seconds=waits[min(attempts_made, len(waits) - 1)])
    return max(wait, min(asked or wait, longest))


def asked_wait(retry_after: str | None, *, now: datetime) -> timedelta | None:
    """Return what a `Retry-After` header asks for, in seconds or as a date; None for nonsense."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        # Eight digits are three years: longer than any step.
        return timedelta(seconds=int(text[:8]))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(timedelta(0), (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now)
