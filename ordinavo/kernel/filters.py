"""Filters of lists: django-filter with the API's own strictness and the one error shape."""

from datetime import datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from rest_framework.request import Request

from ordinavo.kernel.api import INVALID_QUERY
from ordinavo.kernel.errors import Detail, ValidationFailed
from ordinavo.kernel.instants import NoInstant, parse_instant
from ordinavo.kernel.pagination import PAGE_PARAMETERS

Row = TypeVar("Row", bound=Model)


def filtered(kind: type[django_filters.FilterSet], request: Request, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows that the query asks for; a bad or unknown parameter is a 400 that names it."""
    chosen = kind(request.query_params, queryset=rows)
    unknown = request.query_params.keys() - chosen.filters.keys() - PAGE_PARAMETERS
    details = [
        Detail(f"query.{name}", "unknown_parameter", "This list has no such parameter.")
        for name in sorted(unknown)
    ]
    details += [
        Detail(f"query.{name}", "invalid", " ".join(str(message) for message in messages))
        for name, messages in chosen.errors.items()
    ]
    if details:
        raise ValidationFailed(INVALID_QUERY, details=details)
    return chosen.qs


class _InstantField(forms.Field):
    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            return parse_instant(value)
        except NoInstant as refused:
            raise forms.ValidationError(str(refused)) from None


class _FlagField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("true", "true"), ("false", "false")],
            coerce=lambda raw: raw == "true",
            empty_value=None,
            error_messages={"invalid_choice": "Must be true or false."},
            **options,
        )


class InstantFilter(django_filters.Filter):
    """Compares with an RFC 3339 instant."""

    field_class = _InstantField


class FlagFilter(django_filters.Filter):
    """true or false; `method` says what it means."""

    field_class = _FlagField


class WordFilter(django_filters.ChoiceFilter):
    """One of the API's words."""

    def __init__(self, *args: Any, choices: Any, **options: Any) -> None:
        words = ", ".join(value for value, _ in choices)
        messages = {"invalid_choice": f"Must be one of {words}."}
        super().__init__(*args, choices=choices, error_messages=messages, **options)
