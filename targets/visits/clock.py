"""When things happened, by clocks that may be wrong."""

from datetime import datetime, timedelta

# A phone that was without a line may send late; one that names an older time has lost its clock.
LONGEST_SILENCE = timedelta(days=14)


def happened(at: datetime, *, now: datetime, after: datetime | None = None) -> datetime:
    """Return when something happened that was just heard of: `at` by the phone's clock, if that makes sense.

    Nothing happens in the future, none before what it follows (`after`), and what lies too far back is now.
    """
    told = now if at.tzinfo is None or at > now or at < now - LONGEST_SILENCE else at
    return told if after is None else max(told, after)
