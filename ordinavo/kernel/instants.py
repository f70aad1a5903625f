"""Instants as the API speaks them: RFC 3339, always with a zone, UTC inside."""

import re
from datetime import UTC, datetime, timedelta

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})?")
# Every zone must be able to show the instant.
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)

INVALID, ZONE_MISSING, OUT_OF_RANGE = "invalid", "timezone_required", "out_of_range"
MESSAGES = {
    INVALID: "Must be a time as in RFC 3339, such as 2026-07-01T08:00:00Z.",
    ZONE_MISSING: "Must name its zone: Z or an offset such as +02:00.",
    OUT_OF_RANGE: "Must lie in the years 1 to 9999 in every time zone.",
}


class NoInstant(ValueError):
    """The text is no instant; `code` says why, `MESSAGES` in which words."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


def parse_instant(text: object) -> datetime:
    """Return the instant in UTC, or raise `NoInstant`."""
    form = _FORM.fullmatch(text) if isinstance(text, str) else None
    if form is None:
        raise NoInstant(INVALID)
    if form.group(2) is None:
        raise NoInstant(ZONE_MISSING)
    try:
        instant = datetime.fromisoformat(form.group().upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoInstant(INVALID) from None
    if not _EARLIEST <= instant <= _LATEST:
        raise NoInstant(OUT_OF_RANGE)
    return instant


def instant(value: datetime | None) -> str | None:
    """Return an instant as in RFC 3339, in UTC with Z."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")
