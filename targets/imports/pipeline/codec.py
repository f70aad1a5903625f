"""Drafts as JSON: the door writes them beside their items, the worker reads them back."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from customers.matching.drafts import RecordDraft, RecordSet
from customers.matching.mapping import Warn
from targets.imports.pipeline.drafts import TargetDraft

_READERS: dict[str, Callable[[str], Any]] = {
    "due_date": date.fromisoformat,
    "route_date": date.fromisoformat,
    "due_at": datetime.fromisoformat,
    "time_window_start": datetime.fromisoformat,
    "time_window_end": datetime.fromisoformat,
    "expected_revenue": Decimal,
}


def dump(draft: TargetDraft) -> dict[str, Any]:
    """Return the draft as JSON values; what is empty is left out."""
    said = {
        "operation": draft.operation,
        "values": {column: _plain(value) for column, value in draft.values.items()},
        "paths": draft.paths,
        "records": [[r.kind, r.external_id, r.values, r.path] for r in draft.records],
        "cleared": sorted(draft.cleared),
        "textOnly": draft.text_only,
        "warnings": [[warning.code, warning.message, warning.path] for warning in draft.warnings],
    }
    return {"externalId": draft.external_id, **{name: value for name, value in said.items() if value}}


def load(said: Mapping[str, Any]) -> TargetDraft:
    """Return the draft that was dumped."""
    records = {row[0]: RecordDraft(*row) for row in said.get("records", ())}
    return TargetDraft(
        external_id=said["externalId"],
        operation=said["operation"],
        values={column: _read(column, value) for column, value in said.get("values", {}).items()},
        paths=said.get("paths", {}),
        records=RecordSet(**records),
        cleared=frozenset(said.get("cleared", ())),
        text_only=said.get("textOnly", False),
        warnings=tuple(Warn(*warning) for warning in said.get("warnings", ())),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(column: str, value: Any) -> Any:
    reader = _READERS.get(column)
    return value if reader is None or value is None else reader(value)
