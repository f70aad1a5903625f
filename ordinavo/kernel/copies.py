"""COPY: the cheapest way into a table, for new rows that come by the hundred."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from psycopg import Copy

# Signature, no flags, no extension; then the rows; then a row without a number of columns.
_BEGIN, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def copy_in(table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table, all or none of them; errors are Django's, as with any statement."""
    with _copying(table, columns, "TEXT") as copy:
        for row in rows:
            copy.write_row(row)


def copy_binary(table: str, columns: Iterable[str], rows: Iterable[bytes]) -> None:
    """Append rows that are in COPY's binary format already."""
    with _copying(table, columns, "BINARY") as copy:
        copy.write(b"".join([_BEGIN, *rows, _END]))


@contextmanager
def _copying(table: str, columns: Iterable[str], form: str) -> Iterator[Copy]:
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT {form})') as copy,
    ):
        yield copy


def draw_ids(model: type[models.Model], number: int) -> list[int]:
    """Return the ids of so many rows to come, ascending: COPY itself does not tell which it gave."""
    drawn = (
        "SELECT nextval(sequence) FROM pg_get_serial_sequence(%s, 'id') AS sequence, generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(drawn, [model._meta.db_table, number])
        return [pk for (pk,) in cursor.fetchall()]
