"""Fields of request bodies that take JSON types as they are: a number is not a text, a text is not a number.

All of them may be null unless they say otherwise: null clears, absence keeps. `example` is one for the API's
description.
"""

import re
from datetime import date, datetime
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from ordinavo.kernel.instants import MESSAGES, NoInstant, parse_instant

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def optional(extra: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a field that may be absent and null, with its example."""
    style = {"example": extra.pop("example", None)}
    return {"required": False, "allow_null": True, "style": style, **extra}


def _trust_the_door(field: serializers.CharField) -> None:
    """Drop the checks for NUL and surrogates: the JSON door lets neither in."""
    needless = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)
    field.validators = [check for check in field.validators if not isinstance(check, needless)]


class Text(serializers.CharField):
    """A string; surrounding white space is dropped, "" clears like null."""

    default_error_messages = {
        "invalid": "Must be a string.",
        "blank": "Must not be empty.",
        "max_length": "Must have at most {max_length} characters.",
    }

    def __init__(self, *, max_length: int | None = None, **extra: Any) -> None:
        super().__init__(max_length=max_length, **optional({"allow_blank": True, **extra}))
        _trust_the_door(self)

    def to_internal_value(self, data: Any) -> str:
        """Refuse anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data.strip() if self.trim_whitespace else data


class Email(serializers.EmailField):
    """An e-mail address."""

    default_error_messages = {
        "invalid": "Must be an e-mail address.",
        "max_length": "Must have at most {max_length} characters.",
    }

    def __init__(self, **extra: Any) -> None:
        super().__init__(max_length=254, **optional({"allow_blank": True, **extra}))

    def to_internal_value(self, data: Any) -> str:
        """Refuse anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a few words."""

    default_error_messages = {"invalid_choice": "Must be one of {allowed}, not {input}."}

    def __init__(self, choices: Any, **extra: Any) -> None:
        super().__init__(choices=choices, **optional(extra))

    def to_internal_value(self, data: Any) -> Any:
        """Refuse anything but one of the words."""
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=shown(data), allowed=", ".join(self.choices))
        return data


class Number(serializers.FloatField):
    """A JSON number between two bounds, both included."""

    default_error_messages = {
        "invalid": "Must be a number.",
        "min_value": "Must be at least {min_value}.",
        "max_value": "Must be at most {max_value}.",
    }

    def __init__(self, *, min_value: float, max_value: float, **extra: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **optional(extra))

    def to_internal_value(self, data: Any) -> float:
        """Refuse strings and booleans."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return float(data)


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction (45.0 has none) between two bounds, both included."""

    default_error_messages = {
        "invalid": "Must be a whole number.",
        "min_value": "Must be at least {min_value}.",
        "max_value": "Must be at most {max_value}.",
    }

    def __init__(self, *, min_value: int, max_value: int, **extra: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **optional(extra))

    def to_internal_value(self, data: Any) -> int:
        """Refuse strings, booleans and fractions."""
        if isinstance(data, bool) or not isinstance(data, int | float) or data != int(data):
            self.fail("invalid")
        return int(data)


class Flag(serializers.BooleanField):
    """true or false."""

    default_error_messages = {"invalid": "Must be true or false."}

    def __init__(self, **extra: Any) -> None:
        super().__init__(**optional(extra))

    def to_internal_value(self, data: Any) -> bool:
        """Refuse the many other spellings that HTML forms have."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)


class Day(serializers.DateField):
    """A calendar day, `YYYY-MM-DD`."""

    default_error_messages = {"invalid": "Must be a date in the form YYYY-MM-DD."}

    def __init__(self, **extra: Any) -> None:
        super().__init__(**optional(extra))

    def to_internal_value(self, value: Any) -> date:
        """Return the day."""
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail("invalid")
        raise AssertionError  # `fail` always raises


class Instant(serializers.DateTimeField):
    """An instant as in RFC 3339, `2026-07-01T08:00:00Z`; without a zone it is refused."""

    default_error_messages = {**MESSAGES}

    def __init__(self, **extra: Any) -> None:
        super().__init__(**optional(extra))

    def to_internal_value(self, value: Any) -> datetime:
        """Return the instant in UTC."""
        try:
            return parse_instant(value)
        except NoInstant as refused:
            raise serializers.ValidationError(str(refused), refused.code) from None


def shown(data: Any) -> str:
    """Return what was sent, short enough for a message."""
    return repr(data)[:64] if isinstance(data, str) else type(data).__name__
