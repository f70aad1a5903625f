"""Compact JSON text for storing: letters as they are, instants and amounts without loss."""

from decimal import Decimal
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
