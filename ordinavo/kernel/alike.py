"""Rows by the hundred that differ in a few columns only: what they share is encoded once.

They travel in COPY's binary format, which neither side has to parse:
https://www.postgresql.org/docs/current/sql-copy.html
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

from django.db import connection, models

from ordinavo.kernel.copies import copy_binary
from ordinavo.kernel.sets import Row, insert_rows

# From so many rows on COPY is the faster way in.
_MANY = 50

_length, _count = Struct(">i").pack, Struct(">h").pack
_NULL = _length(-1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_bigint = Struct(">q").pack


def _moment(text: str) -> bytes:
    return _bigint((datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1))


_ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "bigint": _bigint,
    "smallint": Struct(">h").pack,
    "boolean": Struct(">?").pack,
    "timestamp with time zone": _moment,
    "uuid": bytes.fromhex,
}


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of one model: `names` are the columns in which they differ, `values` those columns of each row.

    Instants, UUIDs and JSON are texts, as for `insert_rows`.
    """

    shared: Row
    names: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        """What differs, then what is shared."""
        return *self.names, *self.shared

    @property
    def rows(self) -> list[Row]:
        """All columns of all rows."""
        return [{**self.shared, **dict(zip(self.names, one, strict=True))} for one in self.values]

    def binary(self, model: type[models.Model]) -> Iterator[bytes]:
        """Yield the rows in COPY's binary format."""
        encoders = [_encoder(model, name) for name in self.names]
        begin = _count(len(self.columns))
        end = b"".join(_field(_encoder(model, name), value) for name, value in self.shared.items())
        for one in self.values:
            yield b"".join([begin, *map(_field, encoders, one), end])


def insert_alike(model: type[models.Model], sets: Sequence[Alike]) -> None:
    """Insert sets of rows that all have the same columns in the same order: one statement."""
    if sum(len(one.values) for one in sets) < _MANY:
        insert_rows(model, [row for one in sets for row in one.rows])
    else:
        rows = (row for one in sets for row in one.binary(model))
        copy_binary(model._meta.db_table, sets[0].columns, rows)


def _encoder(model: type[models.Model], column: str) -> Callable[[Any], bytes]:
    [field] = (field for field in model._meta.concrete_fields if field.column == column)
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return _ENCODERS.get(kind or "", str.encode)


def _field(encode: Callable[[Any], bytes], value: Any) -> bytes:
    if value is None:
        return _NULL
    data = encode(value)
    return _length(len(data)) + data
