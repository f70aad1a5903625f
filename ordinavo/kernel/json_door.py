"""The JSON door: the only way in for request bodies.

Libraries differ in what they let through, so this one is strict: UTF-8 without NUL and lone surrogates, no
duplicate members, no `NaN` or infinities, whole numbers within ±2^53, at most 32 levels.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import IO, Any

from rest_framework.parsers import BaseParser

from ordinavo.kernel.errors import Detail, InvalidJson, PayloadTooLarge, UnsupportedMediaType

MAX_DEPTH = 32
MAX_SAFE_INTEGER = 2**53
DEFAULT_LIMIT = 1024 * 1024
LARGEST_LIMIT = 20 * 1024 * 1024
_NUMBER_LENGTH = 400
_PATH_LENGTH = 200


class _Refused(ValueError):
    """Says in a sentence what is wrong inside the JSON."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, times in counted.items() if times > 1)
        raise _Refused(f"The member {_shown(twice)} stands twice in one object.")
    return members


def _shown(name: str) -> str:
    return json.dumps(name[:64])


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not a JSON number.")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(value := int(digits)) > MAX_SAFE_INTEGER:
        raise _Refused("A whole number lies outside ±2^53; send it as a string.")
    return value


def _decimal(text: str) -> float:
    if len(text) > _NUMBER_LENGTH or not math.isfinite(value := float(text)):
        raise _Refused("A number is too large.")
    return value


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check_depth(text: str, value: Any) -> None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _inside(node) if isinstance(child, dict | list)]
    if level:
        raise _Refused(f"The JSON is nested deeper than {MAX_DEPTH} levels.")


def _check_strings(text: str, value: Any) -> None:
    # Both faults can only come in as escapes: without one in the text there is nothing to walk for.
    if "\\u0000" not in text and "\\ud" not in text.lower():
        return
    stack = [value]
    while stack:
        node = stack.pop()
        stack.extend(_inside(node))
        if isinstance(node, str):
            _check_string(node)


def _check_string(text: str) -> None:
    if "\0" in text:
        raise _Refused("NUL characters are not allowed.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _Refused("A string holds half a surrogate pair.")


_HOOKS: dict[str, Any] = {
    "object_pairs_hook": _members,
    "parse_constant": _constant,
    "parse_int": _integer,
    "parse_float": _decimal,
}


def loads(body: bytes) -> Any:
    """Return what the JSON says, or raise `InvalidJson` with a sentence, and the place if there is one."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidJson("The body is not UTF-8.") from None
    try:
        value = json.loads(text, **_HOOKS)
        _check_depth(text, value)
        _check_strings(text, value)
    except _Refused as refused:
        raise _placed(text, str(refused)) from None
    except RecursionError:
        raise InvalidJson(f"The JSON is nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as exc:
        where = f"line {exc.lineno}, column {exc.colno}"
        raise InvalidJson(f"The body is not valid JSON ({exc.msg}, {where}).") from None
    return value


def _placed(text: str, sentence: str) -> InvalidJson:
    """Return the refusal with the path of what is refused: read again, since only now somebody asks."""
    place = None
    with suppress(RecursionError, ValueError):
        marking: dict[str, Any] = {name: _marking(hook) for name, hook in _HOOKS.items()}
        value = json.loads(text, **marking)
        place = next(_refused_in(value), None)
    if place is None:
        return InvalidJson(sentence)
    path = ".".join(place)[:_PATH_LENGTH]
    return InvalidJson(sentence, details=[Detail(path, InvalidJson.code, sentence)])


def _marking(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def mark(read: Any) -> Any:
        try:
            return hook(read)
        except _Refused as refused:
            return refused

    return mark


def _refused_in(node: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of everything that is refused; that of a name is that of its object."""
    if isinstance(node, _Refused) or (isinstance(node, str) and not _is_sound(node)):
        yield path
    elif isinstance(node, dict):
        for name, inner in node.items():
            yield from _refused_in(inner, *path, name) if _is_sound(name) else (path,)
    elif isinstance(node, list):
        for position, inner in enumerate(node):
            yield from _refused_in(inner, *path, str(position))


def _is_sound(text: str) -> bool:
    with suppress(_Refused):
        _check_string(text)
        return True
    return False


class StrictJSONParser(BaseParser):
    """DRF's door to `loads`; a view's `body_limit` (bytes) widens the default of 1 MiB."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read at most the limit, refuse compressed bodies and other character sets, parse strictly."""
        context = parser_context or {}
        request, limit = context["request"], getattr(context["view"], "body_limit", DEFAULT_LIMIT)
        if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise UnsupportedMediaType("Compressed bodies are not accepted; send plain JSON.")
        _refuse_other_charsets(media_type or "")
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise PayloadTooLarge(f"The body may have at most {limit:,} bytes.")
        return loads(body)


def _refuse_other_charsets(media_type: str) -> None:
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType("The body must be UTF-8.")
