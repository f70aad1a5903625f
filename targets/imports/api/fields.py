"""Fields that inbound targets have beside the general ones."""

from decimal import Decimal
from typing import Any

import pycountry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ordinavo.kernel.api_fields import (
    Choice,
    Day,
    Email,
    Flag,
    Instant,
    Number,
    Text,
    WholeNumber,
    optional,
    shown,
)

__all__ = [
    "Choice",
    "Country",
    "CustomFields",
    "Day",
    "Email",
    "Flag",
    "Instant",
    "Money",
    "Number",
    "PriorityChoice",
    "Text",
    "WholeNumber",
]

_DECIMALS = 2
_COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
_PRIORITIES = {
    "low": "Low",
    "normal": "Normal",
    "medium": "Normal",
    "high": "High",
    "urgent": "Urgent",
}
_SPELLED = [name.capitalize() for name in _PRIORITIES]


@extend_schema_field({"type": "string", "enum": [*_SPELLED, None]})
class PriorityChoice(Choice):
    """Low, Normal, High, Urgent in any case; Medium means Normal."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the word as we spell it."""
        known = _PRIORITIES.get(data.casefold()) if isinstance(data, str) else None
        if known is None:
            self.fail("invalid_choice", input=shown(data), allowed=", ".join(self.choices))
        return known


@extend_schema_field({"type": "string", "maxLength": 2})
class Country(serializers.CharField):
    """An ISO 3166-1 alpha-2 code, in any case."""

    default_error_messages = {"invalid": "Must be an ISO 3166-1 alpha-2 country code such as DE."}

    def __init__(self, **extra: Any) -> None:
        super().__init__(**optional({"allow_blank": True, **extra}))

    def to_internal_value(self, data: Any) -> str:
        """Return the code in capitals."""
        code = data.strip().upper() if isinstance(data, str) else None
        if code not in _COUNTRIES:
            self.fail("invalid")
        return str(code)


class Money(Number):
    """An amount in the tenant's currency with at most two decimals."""

    default_error_messages = {"max_decimal_places": "Must have at most two decimals."}

    def to_internal_value(self, data: Any) -> Any:
        """Return a decimal that says what was sent."""
        super().to_internal_value(data)
        amount = Decimal(repr(data))
        if int(amount.normalize().as_tuple().exponent) < -_DECIMALS:
            self.fail("max_decimal_places")
        return amount


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": 50,
        "propertyNames": {"minLength": 1, "maxLength": 64},
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    }
)
class CustomFields(serializers.Field[Any, Any, Any, Any]):
    """Up to 50 names with a string, number, boolean or null each, given back unchanged."""

    default_error_messages = {
        "invalid": "Must be an object.",
        "max_length": "May have at most 50 names.",
        "invalid_name": "Names must have 1 to 64 characters.",
        "invalid_value": "The value of {name} must be a string, number, boolean or null.",
    }

    def __init__(self, **extra: Any) -> None:
        super().__init__(**optional(extra))

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Check names and values and leave them as they are."""
        if not isinstance(data, dict):
            self.fail("invalid")
        if len(data) > 50:
            self.fail("max_length")
        for name, value in data.items():
            if not 1 <= len(name) <= 64:
                self.fail("invalid_name")
            if not isinstance(value, str | int | float | bool | None):
                self.fail("invalid_value", name=name)
        return dict(data)
