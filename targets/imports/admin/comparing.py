"""What was sent beside the records that it may be: one row per field, differences marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.matching.normalise import email_key, text_key
from customers.matching.phones import phone_key
from customers.models import RecordKind
from targets.imports.models import MappingReview

_FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    RecordKind.CUSTOMER: (
        ("name", "Name"),
        ("number", "Customer number"),
        ("type", "Type"),
        ("industry", "Industry"),
        ("email", "E-mail"),
        ("phone", "Phone"),
    ),
    RecordKind.LOCATION: (
        ("name", "Name"),
        ("street", "Street"),
        ("postal_code", "Postal code"),
        ("city", "City"),
        ("country", "Country"),
        ("latitude", "Latitude"),
        ("longitude", "Longitude"),
    ),
    RecordKind.CONTACT: (
        ("display_name", "Name"),
        ("role", "Role"),
        ("email", "E-mail"),
        ("phone", "Phone"),
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a known record; `verdict` is `agrees`, `differs`, or "" where nothing was sent."""

    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what was sent, and what each of the records has."""

    label: str
    sent: str
    cells: tuple[Cell, ...]


def compare(review: MappingReview, records: Sequence[Any]) -> list[Line]:
    """Return the fields that were sent or that one of the records has."""
    lines = [
        Line(
            label,
            _text(review.record.get(column)),
            tuple(_cell(column, review.record.get(column), record) for record in records),
        )
        for column, label in _FIELDS[review.kind]
    ]
    return [line for line in lines if line.sent or any(cell.text for cell in line.cells)]


def differs(column: str, sent: Any, record: Any) -> bool:
    """Whether something was sent, and something else than the record has."""
    return _cell(column, sent, record).verdict == "differs"


def _cell(column: str, sent: Any, record: Any) -> Cell:
    stored = getattr(record, column)
    if sent in {None, ""}:
        return Cell(_text(stored), "")
    same = _plain(column, sent, record) == _plain(column, stored, record)
    return Cell(_text(stored), "agrees" if same else "differs")


def _plain(column: str, value: Any, record: Any) -> Any:
    """Return the value without what does not count: case, spaces, the spelling of a phone number."""
    if not isinstance(value, str):
        return value
    if column == "email":
        return email_key(value)
    if column == "phone":
        return phone_key(value, record.tenant.country) or text_key(value)
    return text_key(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
