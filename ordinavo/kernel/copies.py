"""COPY: the cheapest way into a table, for new rows that come by the hundred."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_in(table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table, all or none of them; errors are Django's, as with any statement."""
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)


def draw_ids(model: type[models.Model], number: int) -> list[int]:
    """Return the ids of so many rows to come, ascending: COPY itself does not tell which it gave."""
    drawn = (
        "SELECT nextval(sequence) FROM pg_get_serial_sequence(%s, 'id') AS sequence, generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(drawn, [model._meta.db_table, number])
        return [pk for (pk,) in cursor.fetchall()]
