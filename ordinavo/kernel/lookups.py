"""`column__among=[…]`: membership in a list that travels as one array; `column__word="…"`: equality.

`__in` writes a placeholder for each value, which costs milliseconds for the hundreds of keys of a set.

A prepared statement is planned without its values: a partial index of one status is then never taken, and
a rare value is looked for as if it were a common one. A word of ours may stand in the statement itself.
"""

import re
from typing import Any

from django.db.models import Lookup


class _Among(Lookup[Any]):
    """Compare with `= ANY(array)`; the array is cast, so that an empty one has a type too."""

    lookup_name = "among"
    prepare_rhs = False
    element = ""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the condition and its parameters."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::{self.element}[])", [*parameters, list(self.rhs)]


class AmongTexts(_Among):
    """For texts of any length."""

    element = "text"


class AmongIds(_Among):
    """For primary keys."""

    element = "bigint"


class Word(Lookup[Any]):
    """Compare with a word that stands in the statement; letters, `_` and dots, so that nothing breaks out."""

    lookup_name = "word"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the condition; raises `ValueError` for what is no word."""
        word = str(self.rhs)
        if not re.fullmatch(r"[A-Za-z_.]+", word, re.ASCII):
            raise ValueError(f"{word[:40]!r} is no word.")
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = '{word}'", parameters
