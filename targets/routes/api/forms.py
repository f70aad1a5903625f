"""What may be asked of routes. Members that are not known are ignored, as everywhere."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from rest_framework import serializers

from ordinavo.kernel import api_fields as fields
from ordinavo.kernel.api import LARGEST_ID
from ordinavo.kernel.api_errors import INVALID_FIELDS, details_of
from ordinavo.kernel.errors import Detail, ValidationFailed
from targets.routes.services.asking import FIRST_DAY, LAST_DAY, MOST_STOPS, MOST_TARGETS

NAMES = ("importJobId", "targetIds", "targetExternalIds")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class TimeOfDay(fields.Text):
    """`HH:MM`, from 00:00 to 23:59."""

    default_error_messages = {"no_time": "Must be a time in the form HH:MM."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse anything else."""
        text = super().to_internal_value(data)
        if not _TIME.fullmatch(text):
            self.fail("no_time")
        return text


class RouteDay(fields.Day):
    """A day that every time zone can show."""

    default_error_messages = {
        "out_of_range": f"Must lie between {FIRST_DAY} and {LAST_DAY}.",
        "required": "Say for which day.",
        "null": "Say for which day.",
    }

    def to_internal_value(self, value: Any) -> date:
        """Refuse days beyond."""
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("out_of_range")
        return day


class _Options(serializers.Serializer[Any]):
    default_error_messages = {"invalid": "Must be an object."}

    startTime = TimeOfDay(allow_blank=False)
    endTime = TimeOfDay(allow_blank=False)
    maxStopsPerRoute = fields.WholeNumber(min_value=1, max_value=MOST_STOPS)
    balance = fields.Flag()


class _Names(serializers.ListField):
    default_error_messages = {
        "not_a_list": "Must be a list.",
        "min_length": "Must name at least one target.",
        "max_length": f"Must name at most {MOST_TARGETS:,} targets.",
    }

    def __init__(self, child: Any) -> None:
        super().__init__(child=child, required=False, allow_null=True, min_length=1, max_length=MOST_TARGETS)


_FIRM: dict[str, Any] = {"allow_null": False, "error_messages": {"null": "Must not be null."}}


class SuggestionForm(serializers.Serializer[Any]):
    """For which day, for which targets, and how."""

    routeDate = RouteDay(required=True, allow_null=False)
    importJobId = fields.WholeNumber(min_value=1, max_value=LARGEST_ID)
    targetIds = _Names(fields.WholeNumber(min_value=1, max_value=LARGEST_ID, **_FIRM))
    targetExternalIds = _Names(fields.Text(max_length=128, **{**_FIRM, "allow_blank": False}))
    options = _Options(required=False, allow_null=True)


@dataclass(frozen=True)
class Asked:
    """A request whose form is right: one way of naming targets, and options without nulls."""

    route_date: date
    name: str
    value: Any
    options: dict[str, Any] = field(default_factory=dict)


def asked_suggestion(body: dict[str, Any]) -> Asked:
    """Return what is asked; raises `ValidationFailed`."""
    try:
        sent = SuggestionForm().run_validation(body)
    except serializers.ValidationError as exc:
        raise ValidationFailed(INVALID_FIELDS, details=[*details_of(exc.detail)]) from None
    named = [name for name in NAMES if sent.get(name) is not None]
    if len(named) != 1:
        code = "ambiguous" if named else "required"
        message = f"Name the targets by one of {', '.join(NAMES)}."
        raise _invalid(Detail(named[1] if named else "", code, message))
    options = {name: value for name, value in (sent.get("options") or {}).items() if value is not None}
    _require_hours(options)
    return Asked(sent["routeDate"], named[0], sent[named[0]], options)


def _require_hours(options: dict[str, Any]) -> None:
    start, end = options.get("startTime"), options.get("endTime")
    if start and end and time.fromisoformat(start) >= time.fromisoformat(end):
        raise _invalid(Detail("options.endTime", "before_start", "Must lie after startTime."))


def _invalid(detail: Detail) -> ValidationFailed:
    return ValidationFailed(INVALID_FIELDS, details=[detail])
