"""What a request changed: its fields beside what earlier requests had said. Knows JSON and nothing else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# How a target is called and what is to be done with it are no fields of it.
_NO_FIELDS = {"externalId", "operation", "sourceSystem"}
# What comes as a whole: a name that isn't sent any more is gone.
_WHOLE = "customFields"


@dataclass(frozen=True, slots=True)
class Change:
    """One field by its dotted path; `was` is None where nothing was known, `now` where it was cleared."""

    path: str
    was: str | None
    now: str | None

    @property
    def is_new(self) -> bool:
        """Whether the field was not known before."""
        return self.was is None


def flattened(payload: Any) -> dict[str, Any]:
    """Return the fields of a request by their dotted paths; lists and empty objects are values."""
    return dict(_fields(payload, "")) if isinstance(payload, Mapping) else {}


def changes(known: Mapping[str, Any], payload: Any) -> list[Change]:
    """Return what a request says otherwise than is known. Absent keeps, null clears (contract, section 5)."""
    sent = flattened(payload)
    found = [change for path, value in sent.items() for change in _change(known, path, value)]
    if _sends_whole(payload):
        gone = [path for path in known if path.startswith(f"{_WHOLE}.") and path not in sent]
        found += [Change(path, _text(known[path]), None) for path in gone]
    return found


def applied(known: Mapping[str, Any], payload: Any) -> dict[str, Any]:
    """Return what is known after a request."""
    sent = flattened(payload)
    dropped = [f"{path}." for path, value in sent.items() if value is None]
    if _sends_whole(payload):
        dropped.append(f"{_WHOLE}.")
    kept = {path: value for path, value in known.items() if not path.startswith(tuple(dropped))}
    return {path: value for path, value in {**kept, **sent}.items() if value is not None}


def _change(known: Mapping[str, Any], path: str, value: Any) -> Iterator[Change]:
    if value is not None:
        if path not in known or known[path] != value:
            yield Change(path, _text(known[path]) if path in known else None, _text(value))
        return
    for name, was in known.items():
        if name == path or name.startswith(f"{path}."):
            yield Change(name, _text(was), None)


def _fields(value: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        path = f"{before}{name}"
        if path in _NO_FIELDS:
            continue
        if isinstance(inner, Mapping) and inner:
            yield from _fields(inner, f"{path}.")
        else:
            yield path, inner


def _sends_whole(payload: Any) -> bool:
    return isinstance(payload, Mapping) and _WHOLE in payload


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
