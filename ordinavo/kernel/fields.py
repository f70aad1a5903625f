"""Model fields that Django does not have."""

import json
from typing import Any

from django.db import models

from ordinavo.kernel.json_text import json_text, json_value


class OrderedJSONField(models.TextField[Any, Any]):
    """JSON kept as text: member order and the spelling of numbers come back as they were sent.

    jsonb would reorder the keys of a caller's `customFields`. Nothing searches inside these values.
    """

    keeps_json_as_text = True

    # For the type checker: any JSON value goes in and comes out.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """Parse what the database holds."""
        return None if value is None else json_value(value)

    def to_python(self, value: Any) -> Any:
        """Accept JSON text (from forms and fixtures) and Python values alike."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """Serialise compactly, without escaping letters beyond ASCII."""
        return None if value is None else json_text(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the JSON text for Django's serialisers (test databases, fixtures)."""
        return self.get_prep_value(self.value_from_object(obj)) or "null"
