"""`column__among=[…]`: membership in a list that travels as one array.

`__in` writes a placeholder for each value, which costs milliseconds for the hundreds of keys of a set.
"""

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
