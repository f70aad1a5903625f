"""Reading rows on the hottest paths, where writing the statement takes the ORM longer than answering it takes
PostgreSQL: a single import asks eight questions, and composing them was half of its time.

Everywhere else querysets are the way to read.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from ordinavo.kernel.trips import one_trip

Row = TypeVar("Row", bound=models.Model)


def read_rows(model: type[Row], rest: str, parameters: Sequence[Any]) -> list[Row]:
    """Return the rows that `rest` (`WHERE …`) leaves; columns with the time of writing are not read."""
    return ask_rows(model, rest, parameters)()


def ask_rows(model: type[Row], rest: str, parameters: Sequence[Any]) -> Callable[[], list[Row]]:
    """Send the question only; what is returned fetches its answer, in `one_trip` after the block."""
    answer = _ask((("", model),), f'"{model._meta.db_table}" {rest}', parameters)
    return lambda: [row for (row,) in answer()]


def read_each(*questions: tuple[type[Row], str, Sequence[Any]]) -> list[list[Row]]:
    """Return the rows that each question (as for `read_rows`) leaves, all in one round trip."""
    if len(questions) < 2:
        return [read_rows(*question) for question in questions]
    with one_trip():
        answers = [ask_rows(*question) for question in questions]
    return [answer() for answer in answers]


def read_joined(
    tables: Mapping[str, type[models.Model]], rest: str, parameters: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return tuples of rows, one for each alias of `tables`, from what `rest` (`a JOIN b …`) joins."""
    return _ask(tuple(tables.items()), rest, parameters)()


def among(column: str, values: Collection[Any]) -> tuple[str, Any]:
    """Return a condition and its parameter: the column holds one of the values.

    A single value is compared as such: PostgreSQL knows how few rows that leaves, also where it plans a
    statement for whatever values come.
    """
    if len(values) == 1:
        return f"{column} = %s", next(iter(values))
    return f"{column} = ANY(%s)", sorted(values)


_Tables = tuple[tuple[str, type[models.Model]], ...]


def _ask(tables: _Tables, rest: str, parameters: Sequence[Any]) -> Callable[[], list[tuple[Any, ...]]]:
    cursor = connection.cursor()
    cursor.execute(_statement(tables, rest), parameters)
    return partial(_answer, cursor, tables)


def _answer(cursor: CursorWrapper, tables: _Tables) -> list[tuple[Any, ...]]:
    shapes = [_shape(model) for _, model in tables]
    with cursor:
        # Asking the proxy for the alias takes as long as making a row, so it is asked once.
        alias = connection.alias
        return [tuple(_cut(values, shapes, alias)) for values in cursor.fetchall()]


@lru_cache(maxsize=256)
def _statement(tables: _Tables, rest: str) -> str:
    names = ", ".join(
        f'{alias}."{column}"' if alias else f'"{column}"'
        for alias, model in tables
        for column in _shape(model).columns
    )
    return f"SELECT {names} FROM {rest}"  # noqa: S608  (names of our own)


def _cut(values: Sequence[Any], shapes: Sequence["_Shape"], alias: str) -> list[models.Model]:
    rows, start = [], 0
    for shape in shapes:
        end = start + len(shape.columns)
        own = values[start:end]
        if shape.converters:
            own = list(own)
            for position, convert in shape.converters:
                own[position] = convert(own[position], None, connection)
        rows.append(shape.model.from_db(alias, shape.attributes, own))
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
