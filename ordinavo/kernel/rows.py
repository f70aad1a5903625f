"""Reading rows on the hottest paths, where writing the statement takes the ORM longer than answering it takes
PostgreSQL: a single import asks eight questions, and composing them was half of its time.

Everywhere else querysets are the way to read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def read_rows(model: type[Row], rest: str, parameters: Sequence[Any]) -> list[Row]:
    """Return the rows that `rest` (`WHERE …`) leaves; columns with the time of writing are not read."""
    return [row for (row,) in read_joined({"": model}, f'"{model._meta.db_table}" {rest}', parameters)]


def read_joined(
    tables: Mapping[str, type[models.Model]], rest: str, parameters: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return tuples of rows, one for each alias of `tables`, from what `rest` (`a JOIN b …`) joins."""
    shapes = [_shape(model) for model in tables.values()]
    names = ", ".join(
        f'{alias}."{column}"' if alias else f'"{column}"'
        for alias, shape in zip(tables, shapes, strict=True)
        for column in shape.columns
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {rest}", parameters)  # noqa: S608  (names of our own)
        return [tuple(_cut(values, shapes)) for values in cursor.fetchall()]


def _cut(values: Sequence[Any], shapes: Sequence["_Shape"]) -> list[models.Model]:
    rows, start = [], 0
    for shape in shapes:
        end = start + len(shape.columns)
        own = list(values[start:end])
        for position, convert in shape.converters:
            own[position] = convert(own[position], None, connection)
        rows.append(shape.model.from_db(connection.alias, shape.attributes, own))
        start = end
    return rows


@dataclass(frozen=True, slots=True)
class _Shape:
    model: type[models.Model]
    columns: tuple[str, ...]
    attributes: tuple[str, ...]
    converters: tuple[tuple[int, Callable[..., Any]], ...]


@cache
def _shape(model: type[models.Model]) -> _Shape:
    fields: list[Any] = [field for field in model._meta.concrete_fields if not _tells_when_written(field)]
    return _Shape(
        model=model,
        columns=tuple(field.column for field in fields),
        attributes=tuple(field.attname for field in fields),
        converters=tuple(
            (position, field.from_db_value)
            for position, field in enumerate(fields)
            if hasattr(field, "from_db_value")
        ),
    )


def _tells_when_written(field: Any) -> bool:
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
