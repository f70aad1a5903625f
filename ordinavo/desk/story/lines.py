"""A line of a story, and the window through which a long one is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ordinavo.desk.story.differences import Change

LINES_A_PAGE = 40
# What happened in one transaction is not torn apart: so many lines may share a moment.
SLACK = 20


@dataclass(frozen=True, slots=True)
class Note:
    """Something small that hangs on a line: a delivery of an event, with its page."""

    text: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened; `kind` is that of its badge, `rank` orders what shares a moment.

    `action` is what a history calls the same.
    """

    at: datetime
    part: str
    text: str
    href: str = ""
    kind: str = ""
    rank: int = 0
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    more: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines are wanted: from `beyond` on, towards older ones or towards newer ones."""

    newest_first: bool = True
    beyond: datetime | None = None

    def rows(self, rows: "QuerySet[Any]", moment: str) -> "QuerySet[Any]":
        """Return those of the rows that the window may show, by their moment; enough for any page."""
        if self.beyond is not None:
            rows = rows.filter(**{f"{moment}__{'lt' if self.newest_first else 'gt'}": self.beyond})
        first = f"-{moment}" if self.newest_first else moment
        return rows.order_by(first, "-pk" if self.newest_first else "pk")[: LINES_A_PAGE + SLACK]

    def page(self, lines: Iterable[Line]) -> tuple[list[Line], datetime | None]:
        """Return the lines of the page in their order, and where the next one begins (None: nowhere)."""
        shown = sorted(filter(self._shows, lines), key=lambda line: (line.at, line.rank))
        if self.newest_first:
            shown.reverse()
        last = shown[LINES_A_PAGE - 1].at if len(shown) > LINES_A_PAGE else None
        if last is None:
            return shown, None
        kept = [line for place, line in enumerate(shown) if place < LINES_A_PAGE or line.at == last]
        return kept, last if len(kept) < len(shown) else None

    def _shows(self, line: Line) -> bool:
        if self.beyond is None:
            return True
        return line.at < self.beyond if self.newest_first else line.at > self.beyond
