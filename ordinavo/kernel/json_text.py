"""Compact JSON text for storing: letters as they are, instants and amounts without loss."""

from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

import orjson


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON.")


def json_text(value: Any) -> str:
    """Return the value as JSON text; `TypeError` for what JSON cannot hold."""
    return orjson.dumps(value, _plain).decode()


def json_value(text: str) -> Any:
    """Return what JSON text of our own holds; what others send comes through the stricter JSON door."""
    return orjson.loads(text)


def object_form(*members: str) -> str:
    """Return what becomes an object with these members, in this order, by `form % values`: JSON texts each.

    For objects by the thousand with members that are known before: the encoder writes every name anew.
    """
    return "{" + ",".join(f"{text_of(name).replace('%', '%%')}:%s" for name in members) + "}"


def object_text(members: Mapping[str, str]) -> str:
    """Return an object whose members are JSON texts already."""
    return "{" + ",".join([f"{text_of(name)}:{value}" for name, value in members.items()]) + "}"


def text_of(value: str | None) -> str:
    """Return a string, or null, as JSON text."""
    return "null" if value is None else encode_basestring(value)


def number_of(value: int | None) -> str:
    """Return a whole number, or null, as JSON text."""
    return "null" if value is None else str(value)


def truth_of(value: bool) -> str:
    """Return true or false as JSON text."""
    return "true" if value else "false"
