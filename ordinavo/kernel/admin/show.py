"""How values are shown on admin pages: JSON, tables, links."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

NOTHING = "-"

Cell = str | SafeString | int | None

_TABLE = (
    '<div class="ord-scroll"><table class="ord-table">'
    "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
)


def link_to(row: Model | None, text: str = "") -> SafeString | str:
    """Return a link to the page of a row, or a dash."""
    if row is None:
        return NOTHING
    return format_html('<a class="ord-link" href="{}">{}</a>', page_of(row), text or str(row))


def link(name: str, text: str, **query: str | int) -> SafeString:
    """Return a link to a named page; it is named, so that a room can point at one above it."""
    return format_html('<a class="ord-link" href="{}?{}">{}</a>', reverse(name), urlencode(query), text)


def story_link(target_id: int) -> SafeString:
    """Return a link to all that happened to a target. The page stands in the highest room."""
    return format_html('<a class="ord-link" href="{}">Story</a>', reverse("desk:story", args=[target_id]))


def page_of(row: Model) -> str:
    """Return the path of a row's admin page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def table(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, empty: str = "Nothing yet."
) -> SafeString:
    """Return a table, or the sentence `empty`."""
    lines = list(rows)
    if not lines:
        return format_html('<p class="ord-quiet">{}</p>', empty)
    head = format_html_join("", '<th scope="col">{}</th>', ((header,) for header in headers))
    body = format_html_join("", "<tr>{}</tr>", ((_cells(headers, line),) for line in lines))
    return format_html(_TABLE, head, body)


def _cells(headers: Sequence[str], line: Sequence[Cell]) -> SafeString:
    named = zip(headers, line, strict=True)
    shown = ((header, NOTHING if cell in (None, "") else cell) for header, cell in named)
    return format_html_join("", '<td data-label="{}">{}</td>', shown)


def facts(pairs: Iterable[tuple[str, Cell]]) -> SafeString:
    """Return names and values side by side; empty values are left out, and "" is returned for none at all."""
    filled = [(name, value) for name, value in pairs if value not in {None, ""}]
    if not filled:
        return SafeString("")
    return format_html(
        '<dl class="ord-facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", filled)
    )


def joined(parts: Iterable[Cell]) -> SafeString:
    """Return values one below the other; "" for none."""
    return format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts))


def mark(text: str, kind: str = "") -> SafeString:
    """Return a small badge: `good`, `bad`, `warn`, `info` or plain."""
    return format_html('<span class="ord-mark ord-mark-{}">{}</span>', kind or "plain", text)


def timeline(entries: Iterable[Any]) -> SafeString:
    """Return a history of entries with `created_at`, `actor`, `action` and `details`, newest first."""
    lines = [_moment(entry) for entry in entries]
    if not lines:
        return format_html('<p class="ord-quiet">{}</p>', "Nothing has happened yet.")
    return format_html('<ol class="ord-timeline">{}</ol>', format_html_join("", "<li>{}</li>", lines))


def _moment(entry: Any) -> tuple[SafeString]:
    line = format_html(
        "<strong>{}</strong> <span>by {}</span> <time>{}</time>",
        words(entry.action),
        entry.actor or "the system",
        when(entry.created_at),
    )
    details = details_of(entry.details)
    return (format_html("{}{}", line, details) if details else line,)


def words(code: str) -> str:
    """Return a code as words: `customer.created` → `Customer created`."""
    return code.replace(".", " ").replace("_", " ").capitalize()


def when(moment: Any) -> str:
    """Return an instant in the active zone, to the minute."""
    return date_format(localtime(moment), "Y-m-d H:i") if moment else NOTHING


def seconds(moment: Any) -> str:
    """Return an instant in the active zone, to the second: for what happens while somebody looks on."""
    return date_format(localtime(moment), "Y-m-d H:i:s") if moment else NOTHING


def details_of(details: Any) -> SafeString | str:
    """Return the members of a small JSON object as facts, or ""."""
    if not isinstance(details, dict) or not details:
        return ""
    return facts((words(str(name)), flat(value)) for name, value in details.items())


def flat(value: Any) -> str:
    """Return a value of a JSON object as text on one line."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def changes(message: Any) -> list[str]:
    """Return what Django's change message says, as plain phrases (`Changed Name and Phone.`)."""
    if not message:
        return []
    text = message if isinstance(message, str) else json.dumps(message)
    return [LogEntry(change_message=text).get_change_message()]


def spaced(name: str) -> str:
    """Return a name in capitals as words: `NeedsReview` → `Needs review`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def beside(*left: Cell, right_title: str, right: Cell) -> SafeString:
    """Return what explains on the left, and what it is about on the right."""
    parts = format_html_join("", "{}", ((part,) for part in left))
    return format_html(
        '<div class="ord-beside"><div>{}</div><section><h3>{}</h3>{}</section></div>',
        parts,
        right_title,
        right,
    )
