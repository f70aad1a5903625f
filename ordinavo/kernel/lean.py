"""Shortcuts for rows that are read and linked by the ten thousand: they skip what forms and signals need."""

from collections.abc import Collection, Mapping
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
    row.__dict__[f"{name}_id"] = None if related is None else related.pk
    row._state.fields_cache[name] = related


def new_row(model: type[Row], values: Mapping[str, Any], **links: models.Model | None) -> Row:
    """Return a new instance with these values and links."""
    row = model(**values)
    for name, related in links.items():
        link(row, name, related)
    return row
