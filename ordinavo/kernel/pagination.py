"""Lists by cursor: a page costs the same wherever it lies, and nothing counts the table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from ordinavo.kernel.api import INVALID_QUERY
from ordinavo.kernel.errors import Detail, ValidationFailed

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
PAGE_PARAMETERS = frozenset({"cursor", "pageSize"})

Row = TypeVar("Row", bound=Model)
Position = list[Any]


def page_of(
    request: Request,
    rows: QuerySet[Row],
    *,
    keys: tuple[str, ...],
    descending: bool,
    render: Callable[[Row], dict[str, Any]],
) -> dict[str, Any]:
    """Return `results`, `next` and `previous` (paths or null), ordered by `keys`, together unique."""
    size = _page_size(request)
    backwards, position = _position(request, keys)
    towards_larger = descending == backwards
    if position is not None:
        rows = rows.filter(_beyond(keys, position, "gt" if towards_larger else "lt"))
    order = [key if towards_larger else f"-{key}" for key in keys]
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else position is not None)
    return {
        "results": [render(row) for row in found],
        "next": _path(request, found[-1], keys, backwards=False) if has_next else None,
        "previous": _path(request, found[0], keys, backwards=True) if has_previous else None,
    }


def _beyond(keys: Sequence[str], position: Position, side: str) -> Q:
    """Return the condition of lying beyond a position, the first key first."""
    key, value = keys[0], position[0]
    if len(keys) == 1:
        return Q(**{f"{key}__{side}": value})
    # The first condition follows from the second; it lets the index be entered at one place.
    beyond = Q(**{f"{key}__{side}": value}) | Q(_beyond(keys[1:], position[1:], side), **{key: value})
    return Q(beyond, **{f"{key}__{side}e": value})


def _refused(name: str, message: str) -> ValidationFailed:
    return ValidationFailed(INVALID_QUERY, details=[Detail(f"query.{name}", "invalid", message)])


def _page_size(request: Request) -> int:
    raw = request.query_params.get("pageSize", str(DEFAULT_PAGE))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 4 and 1 <= int(raw) <= LARGEST_PAGE):
        raise _refused("pageSize", f"Must be a whole number from 1 to {LARGEST_PAGE}.")
    return int(raw)


def _position(request: Request, keys: Sequence[str]) -> tuple[bool, Position | None]:
    raw = request.query_params.get("cursor")
    if raw is None:
        return False, None
    try:
        backwards, position = signing.loads(raw, salt=_salt(request, keys))
    except signing.BadSignature:
        raise _refused("cursor", "This is not a cursor that this list gave out.") from None
    return bool(backwards), position


def _path(request: Request, row: Row, keys: Sequence[str], *, backwards: bool) -> str:
    position = [_plain(getattr(row, key)) for key in keys]
    cursor = signing.dumps([int(backwards), position], salt=_salt(request, keys))
    query = {**request.query_params.dict(), "cursor": cursor}
    return f"{request.path}?{urlencode(query)}"


def _salt(request: Request, keys: Sequence[str]) -> str:
    """Return what ties a cursor to its list: a position means nothing in another one."""
    return f"ordinavo.cursor {request.path} {' '.join(keys)}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
