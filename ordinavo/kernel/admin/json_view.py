"""JSON as people read it: indented, in its own order, with the faulty members marked."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_INDENT = "  "


def pretty(value: Any, *, faulty: Collection[str] = ()) -> SafeString:
    """Return indented JSON; members at the dotted paths of `faulty` (`planning.dueDate`) are marked.

    A path that is not there (a missing field) marks the nearest object around it.
    """
    wanted = {_present(value, path) for path in faulty} - {""}
    lines = _lines(value, path="", indent="")
    shown = (format_html(_template(path in wanted), text) for path, text in lines)
    body = format_html_join("\n", "{}", ((line,) for line in shown))
    return format_html('<pre class="ord-json" tabindex="0">{}</pre>', body)


def _template(is_faulty: bool) -> str:
    return '<mark class="ord-fault">{}</mark>' if is_faulty else "{}"


def _lines(
    value: Any, *, path: str, indent: str, name: str = "", comma: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield (path, text) for each line; the lines between braces have paths of their own."""
    start = f"{indent}{name}"
    if not isinstance(value, dict | list) or not value:
        yield path, f"{start}{json.dumps(value, ensure_ascii=False)}{comma}"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield path, f"{start}{opening}"
    members = list(_members(value))
    for position, (key, inner) in enumerate(members, start=1):
        yield from _lines(
            inner,
            path=f"{path}.{key}".lstrip("."),
            indent=indent + _INDENT,
            name=f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else "",
            comma="," if position < len(members) else "",
        )
    yield "", f"{indent}{closing}{comma}"


def _members(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    else:
        yield from ((str(position), inner) for position, inner in enumerate(value))


def _present(value: Any, path: str) -> str:
    """Return the longest beginning of the path that leads to something."""
    found: list[str] = []
    for step in path.split("."):
        inner = dict(_members(value)) if isinstance(value, dict | list) else {}
        if step not in inner:
            break
        value = inner[step]
        found.append(step)
    return ".".join(found)
