"""Compact JSON text for storing: letters as they are, instants and amounts without loss."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON.")


# One encoder for all: `json.dumps` would build one each time. What we store is never circular.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_plain)


def json_text(value: Any) -> str:
    """Return the value as JSON text; `TypeError` for what JSON cannot hold."""
    return _ENCODER.encode(value)
