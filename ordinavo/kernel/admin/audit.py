"""Staff's changes, told to whoever keeps the audit; the kernel knows no audit itself."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

Recorder = Callable[[HttpRequest, Model, str, dict[str, Any]], None]

_recorders: list[Recorder] = []


def register(recorder: Recorder) -> None:
    """Let `recorder` see every change: request, row, action (`customer.changed`), details."""
    if recorder not in _recorders:
        _recorders.append(recorder)


def tell(request: HttpRequest, row: Model, verb: str, details: dict[str, Any]) -> None:
    """Pass one change on, within the transaction that makes it."""
    action = f"{row._meta.model_name}.{verb}"
    for recorder in _recorders:
        recorder(request, row, action, details)
