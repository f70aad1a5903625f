"""Lists by cursor: a page costs the same wherever it lies, and nothing counts the table."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, QuerySet
from rest_framework.request import Request

from ordinavo.kernel.api import INVALID_QUERY
from ordinavo.kernel.errors import Detail, ValidationFailed

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
_SALT = "ordinavo.cursor"

Row = TypeVar("Row", bound=Model)


def page_of(
    request: Request,
    rows: QuerySet[Row],
    *,
    key: str,
    descending: bool,
    render: Callable[[Row], dict[str, Any]],
) -> dict[str, Any]:
    """Return `results`, `next` and `previous` (paths or null), ordered by the unique column `key`."""
    size = _page_size(request)
    backwards, position = _position(request)
    towards_larger = descending == backwards
    if position is not None:
        rows = rows.filter(**{f"{key}__{'gt' if towards_larger else 'lt'}": position})
    found = list(rows.order_by(key if towards_larger else f"-{key}")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else position is not None)
    return {
        "results": [render(row) for row in found],
        "next": _path(request, getattr(found[-1], key), backwards=False) if has_next else None,
        "previous": _path(request, getattr(found[0], key), backwards=True) if has_previous else None,
    }


def _refused(name: str, message: str) -> ValidationFailed:
    return ValidationFailed(INVALID_QUERY, details=[Detail(f"query.{name}", "invalid", message)])


def _page_size(request: Request) -> int:
    raw = request.query_params.get("pageSize", str(DEFAULT_PAGE))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 4 and 1 <= int(raw) <= LARGEST_PAGE):
        raise _refused("pageSize", f"Must be a whole number from 1 to {LARGEST_PAGE}.")
    return int(raw)


def _position(request: Request) -> tuple[bool, int | None]:
    raw = request.query_params.get("cursor")
    if raw is None:
        return False, None
    try:
        backwards, position = signing.loads(raw, salt=_SALT)
    except signing.BadSignature:
        raise _refused("cursor", "This is not a cursor that a list of this API gave out.") from None
    return bool(backwards), int(position)


def _path(request: Request, position: int, *, backwards: bool) -> str:
    cursor = signing.dumps([int(backwards), position], salt=_SALT)
    query = {**request.query_params.dict(), "cursor": cursor}
    return f"{request.path}?{urlencode(query)}"
