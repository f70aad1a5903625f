"""Reading instants in a quarter of the time that Django's own way takes."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import get_adapters_template
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader


class InstantLoader(TimestamptzLoader):
    """Reads what a session in UTC says: ISO 8601, years of four digits, `+00`; all else is psycopg's."""

    # Django compares this with the connection's own.
    timezone = UTC

    def load(self, data: Any) -> datetime:
        """Return the instant, in UTC."""
        text = bytes(data).decode()
        if text[4] == "-" and text.endswith("+00"):
            return datetime.fromisoformat(text)
        return super().load(data).replace(tzinfo=UTC)


def adapters() -> AdaptersMap:
    """Return Django's adapters with our loader."""
    ours = AdaptersMap(get_adapters_template(use_tz=True, timezone=UTC))
    ours.register_loader("timestamptz", InstantLoader)
    return ours
