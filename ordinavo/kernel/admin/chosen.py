"""Rows that somebody chose: their ids travel from one page to the next in its address."""

from typing import Any

from django.db.models import QuerySet

MOST_CHOSEN = 200
_LONGEST_ID = 18


def id_in(text: str | None) -> int:
    """Return the id that a text is, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0


def ids_in(text: str, *, most: int = MOST_CHOSEN) -> list[int]:
    """Return the ids of a list with commas, at most so many; what is none is passed over."""
    return [found for part in text.split(",")[:most] if (found := id_in(part))]


def path_with(path: str, name: str, rows: QuerySet[Any]) -> str:
    """Return a path that names the rows in its query."""
    ids = rows.order_by("pk").values_list("pk", flat=True)
    return f"{path}?{name}={','.join(map(str, ids))}"
