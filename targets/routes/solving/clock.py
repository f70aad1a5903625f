"""The clock of one suggestion: instants as seconds of the engine, and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts from the midnight (UTC) before the day, so that no zone's hours lie before zero."""

    base: datetime

    @classmethod
    def of(cls, day: date) -> "Clock":
        """Return the clock for a route date."""
        return cls(datetime.combine(day, time(), UTC) - timedelta(days=1))

    def second(self, moment: datetime) -> int:
        """Return an instant as a second."""
        return int((moment - self.base).total_seconds())

    def moment(self, second: int) -> datetime:
        """Return a second as an instant."""
        return self.base + timedelta(seconds=second)


def minutes(seconds: int) -> int:
    """Return whole minutes, rounded half up."""
    return (seconds + 30) // 60
