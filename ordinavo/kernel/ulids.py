"""Ids that sort by the time they were made: a ULID kept as UUID, shown with a prefix (`evt_01JZ8…`)."""

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db import models
from ulid import ULID

_LAST_MILLISECOND = 2**48 - 1


def new_ulid() -> UUID:
    """Return a new ULID in the form that the database keeps."""
    return ULID().to_uuid()


def new_ulids(number: int) -> list[UUID]:
    """Return new ULIDs for a set, in ascending order, also within one millisecond."""
    first = _first_of_set()
    return [UUID(int=first + step) for step in range(number)]


def ulid_texts() -> Iterator[str]:
    """Yield new ULIDs in ascending order, in the form that PostgreSQL reads, for rows by the thousand."""
    return (f"{number:032x}" for number in count(_first_of_set()))


def _first_of_set() -> int:
    # ULID() counts up within a millisecond, right into a set that was begun in it: each set draws its own
    # randomness instead. The highest bit stays free, so that no set runs into the next millisecond.
    return (time.time_ns() // 1_000_000 << 80) | secrets.randbits(79)


def first_ulid(moment: datetime) -> UUID:
    """Return the smallest id that can have been made at this moment: whatever is less is older."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=min(max(milliseconds, 0), _LAST_MILLISECOND) << 80)


def shown_ulid(prefix: str, value: UUID) -> str:
    """Return the opaque text that outside systems see."""
    return f"{prefix}_{ULID.from_uuid(value)}"


def ulid_of(prefix: str, text: str) -> UUID | None:
    """Return the id that a text from outside names, None if it can't name one of this kind."""
    start, _, rest = text.partition("_")
    if start != prefix or not rest.isascii():
        return None
    try:
        return ULID.from_str(rest).to_uuid()
    except ValueError:
        return None


class UlidField(models.UUIDField["UUID | str", UUID]):
    """A primary key made by us before the row is written, so that sets need no ids back."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"primary_key": True, "default": new_ulid, "editable": False, **options})  # type: ignore[arg-type]
