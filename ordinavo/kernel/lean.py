"""Shortcuts for rows that are read and linked by the ten thousand: they skip what forms and signals need."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


class LeanModel(models.Model):
    """A model whose rows are made without `__init__` when they come from the database.

    `__init__` sets column by column through descriptors and sends two signals; this project uses none.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_: Any) -> Self:
        """Return the instance for a row; columns that were not read are loaded when they are asked for."""
        row = cls.__new__(cls)
        state = row._state = ModelState()
        state.adding, state.db = False, db
        row.__dict__.update(zip(field_names, values, strict=True))
        return row


def link(row: models.Model, name: str, related: models.Model | None) -> None:
    """Set a foreign key and what it leads to, which may have no id yet."""
    row.__dict__[f"{name}_id"] = None if related is None else related.__dict__["id"]
    row._state.fields_cache[name] = related


def new_row(model: type[Row], values: Mapping[str, Any], **links: models.Model | None) -> Row:
    """Return a new instance with these values, by attribute name, and links; the rest has its defaults."""
    row = model.__new__(model)
    row._state = ModelState()
    fixed, made = _defaults(model)
    row.__dict__.update(fixed)
    for attribute, make in made:
        row.__dict__[attribute] = make()
    row.__dict__.update(values)
    for name, related in links.items():
        link(row, name, related)
    return row


def copied(row: Row) -> Row:
    """Return the row as it stands now, whatever is done to it later; what it is linked to is shared."""
    same = type(row).__new__(type(row))
    same.__dict__.update(row.__dict__)
    state = same._state = ModelState()
    state.adding, state.db = row._state.adding, row._state.db
    state.fields_cache = dict(row._state.fields_cache)
    return same


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Return the defaults that all rows share, and those that are made for each row."""
    fields = model._meta.concrete_fields
    made = [(f.attname, f.default) for f in fields if f.has_default() and callable(f.default)]
    own = {attribute for attribute, _ in made}
    fixed = {f.attname: f.get_default() for f in fields if f.attname not in own}
    return fixed, made
