"""What an employee writes into a report, checked: each fault names its field."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ordinavo.kernel.errors import Detail, ValidationFailed
from ordinavo.kernel.saving import INVALID_FIELDS, invalid_field
from ordinavo.tenants.models import MINUTES_A_DAY
from targets.visits.models import VisitReport

LONGEST_TEXT = 10_000
_TEXTS = ("summary", "problems", "follow_up_note")
_LATEST = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class ReportValues:
    """What an employee says of a visit; minutes of work. A draft may leave all of it out."""

    result: str = ""
    summary: str = ""
    problems: str = ""
    used_minutes: int | None = None
    follow_up_required: bool = False
    follow_up_date: date | None = None
    follow_up_note: str = ""
    is_billable: bool = True


def values_of(report: VisitReport) -> ReportValues:
    """Return what a report says now, for a form."""
    return ReportValues(**{name: getattr(report, name) for name in ReportValues.__dataclass_fields__})


def checked_values(values: ReportValues, *, complete: bool) -> ReportValues:
    """Return the values as they are stored, or raise `ValidationFailed`; `complete`: to be handed in.

    Without a follow-up there is neither a date nor a note for it.
    """
    faults = [*_faults(values, complete=complete)]
    if faults:
        raise ValidationFailed(INVALID_FIELDS, details=faults)
    texts = {name: getattr(values, name).strip() for name in _TEXTS}
    if not values.follow_up_required:
        return replace(values, **{**texts, "follow_up_date": None, "follow_up_note": ""})
    return replace(values, **texts)


def as_content(values: ReportValues) -> dict[str, Any]:
    """Return the values as JSON, to tell whether the same was sent again."""
    return asdict(values)


def checked_choice(path: str, value: str, known: Collection[str]) -> str:
    """Return the value if it is one of those that are known."""
    if value not in known:
        raise invalid_field(path, _("Choose one of the answers."))
    return value


def checked_text(path: str, text: str, longest: int) -> str:
    """Return a text without white space around it, if it can be stored."""
    fault = _text_fault(text, longest)
    if fault:
        raise invalid_field(path, fault)
    return text.strip()


def _faults(values: ReportValues, *, complete: bool) -> Iterator[Detail]:
    for name in _TEXTS:
        fault = _text_fault(getattr(values, name), LONGEST_TEXT)
        if fault:
            yield Detail(name, "invalid", fault)
    if values.result not in {*VisitReport.Result.values, *([] if complete else [""])}:
        yield Detail("result", "required", _("Say what the visit came to."))
    if values.used_minutes is not None and not 1 <= values.used_minutes <= MINUTES_A_DAY:
        message = _("Give the minutes that the work took, from 1 to %(most)s.") % {"most": MINUTES_A_DAY}
        yield Detail("used_minutes", "out_of_range", message)
    if values.follow_up_date is not None and not date(2000, 1, 1) <= values.follow_up_date < _LATEST:
        yield Detail("follow_up_date", "out_of_range", _("Give a day of this century."))


def _text_fault(text: str, longest: int) -> str:
    if len(text) > longest:
        return _("Write no more than %(most)s characters.") % {"most": longest}
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return _("The text holds characters that can't be stored.")
    return ""
