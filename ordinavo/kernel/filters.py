"""Filters of lists: django-filter with the API's own strictness and the one error shape."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from rest_framework.request import Request

from ordinavo.kernel.api import INVALID_QUERY, LARGEST_ID
from ordinavo.kernel.errors import Detail, ValidationFailed
from ordinavo.kernel.instants import NoInstant, parse_instant
from ordinavo.kernel.pagination import PAGE_PARAMETERS
from ordinavo.kernel.ulids import ulid_of

Row = TypeVar("Row", bound=Model)


def filtered(kind: type[django_filters.FilterSet], request: Request, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows that the query asks for; a bad or unknown parameter is a 400 that names it."""
    chosen = kind(request.query_params, queryset=rows)
    details = [*_misused(request.query_params, {*chosen.filters, *PAGE_PARAMETERS})]
    details += [
        Detail(f"query.{name}", "invalid", " ".join(str(message) for message in messages))
        for name, messages in chosen.errors.items()
    ]
    if details:
        raise ValidationFailed(INVALID_QUERY, details=details)
    return chosen.qs


def _misused(query: QueryDict, known: set[str]) -> Iterator[Detail]:
    """Yield what would otherwise be passed over in silence and answer another question than was asked."""
    unknown = f"This list has no such parameter; it knows {', '.join(sorted(known))}."
    for name, values in sorted(query.lists()):
        path = f"query.{name}"
        if name not in known:
            yield Detail(path, "unknown_parameter", unknown)
        elif len(values) > 1:
            yield Detail(path, "repeated", "Must stand once.")
        elif values == [""] and name not in PAGE_PARAMETERS:
            yield Detail(path, "blank", "Must not be empty; leave it out.")


class _InstantField(forms.Field):
    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        # A plus sign that nobody encoded arrives as a space.
        text = re.sub(r" (?=\d{2}:\d{2}$)", "+", value)
        try:
            return parse_instant(text)
        except NoInstant as refused:
            raise forms.ValidationError(str(refused)) from None


class _IdField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST_ID):
            raise forms.ValidationError("Must be an id, a whole number of at most 64 bits.")
        return int(value)


class _OpaqueIdField(forms.Field):
    def __init__(self, *, prefix: str, **options: Any) -> None:
        super().__init__(**options)
        self.prefix = prefix

    def to_python(self, value: Any) -> UUID | None:
        if value in self.empty_values:
            return None
        found = ulid_of(self.prefix, value)
        if found is None:
            raise forms.ValidationError(f"Must be an id such as {self.prefix}_01JZ8A2MT8G7C3Y7V0WQ1M9B3C.")
        return found


class _FlagField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("true", "true"), ("false", "false")],
            coerce=lambda raw: raw == "true",
            empty_value=None,
            error_messages={"invalid_choice": "Must be true or false."},
            **options,
        )


class TextFilter(django_filters.CharFilter):
    """A text that must be the same, white space included."""

    described: dict[str, Any] = {"type": "string"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, strip=False, **options)


class IdFilter(django_filters.Filter):
    """A whole number that is an id; one that nobody has finds nothing."""

    field_class = _IdField
    described: dict[str, Any] = {"type": "integer", "format": "int64", "minimum": 1}


class OpaqueIdFilter(django_filters.Filter):
    """An id of the kind that `prefix` names, such as `evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C`."""

    field_class = _OpaqueIdField
    described: dict[str, Any] = {"type": "string"}


class InstantFilter(django_filters.Filter):
    """Compares with an RFC 3339 instant."""

    field_class = _InstantField
    described: dict[str, Any] = {"type": "string", "format": "date-time"}


class FlagFilter(django_filters.Filter):
    """true or false; `method` says what it means."""

    field_class = _FlagField
    described: dict[str, Any] = {"type": "string", "enum": ["true", "false"]}


class WordFilter(django_filters.ChoiceFilter):
    """One of the API's words."""

    def __init__(self, *args: Any, choices: Any, **options: Any) -> None:
        words = [value for value, _ in choices]
        messages = {"invalid_choice": f"Must be one of {', '.join(words)}."}
        self.described: dict[str, Any] = {"type": "string", "enum": words}
        super().__init__(*args, choices=choices, error_messages=messages, **options)
