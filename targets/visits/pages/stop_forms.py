"""What the phone sends. Every form carries a key, so that it may arrive twice, and the phone's time."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ordinavo.tenants.models import MINUTES_A_DAY
from targets.visits.clock import happened
from targets.visits.minutes import measured_minutes
from targets.visits.models import Appointment, VisitReport
from targets.visits.pages.words import PROBLEMS, RESULTS
from targets.visits.services.values import ReportValues

# What the field takes; line ends travel as two characters, and the services take twice as much.
_LENGTH = 5_000
_KEY_BYTES = 16


def new_key() -> str:
    """Return a key that no other form has."""
    return secrets.token_hex(_KEY_BYTES)


class Deed(forms.Form):
    """Something that the employee did: only its key and when it was done."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    at = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    prefix_of_ids = "deed"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.prefix_of_ids}_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_key(self) -> str:
        """A form without a key is sent once and no more."""
        return self.cleaned_data["key"] or new_key()

    def clean_at(self) -> datetime:
        """A phone that doesn't say when, or says nonsense, means now."""
        return moment(self.cleaned_data["at"])


def moment(said: str) -> datetime:
    """Return the instant that a phone said (ISO 8601 with an offset), if that makes sense; else now."""
    try:
        told = datetime.fromisoformat(said)
    except ValueError:
        return timezone.now()
    return happened(told, now=timezone.now()).astimezone(UTC)


class ProblemForm(Deed):
    """What keeps the work from being done."""

    prefix_of_ids = "problem"

    problem = forms.ChoiceField(
        label=_("What is it?"), choices=list(PROBLEMS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What should the office know?"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": _LENGTH}),
    )


class ReportForm(Deed):
    """The visit report. A draft may leave out anything; what is handed in needs a result."""

    prefix_of_ids = "report"

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("How did it go?"), choices=list(RESULTS.items()), required=False, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("What was done?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": _LENGTH}),
    )
    problems = forms.CharField(
        label=_("Were there problems?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": _LENGTH}),
    )
    used_minutes = forms.IntegerField(
        label=_("Minutes worked"),
        help_text=_("Left empty, the time from start to end counts."),
        min_value=1,
        max_value=MINUTES_A_DAY,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    is_billable = forms.BooleanField(label=_("Bill the customer for it"), required=False)
    follow_up_required = forms.BooleanField(label=_("Somebody has to come again"), required=False)
    follow_up_date = forms.DateField(
        label=_("When?"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    follow_up_note = forms.CharField(
        label=_("What for?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": _LENGTH}),
    )

    def __init__(self, *args: Any, handed_in: bool = False, **kwargs: Any) -> None:
        self.handed_in = handed_in
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        """Ask for what a report needs that is handed in."""
        super().clean()
        if self.handed_in and not self.cleaned_data.get("result") and "result" not in self.errors:
            self.add_error("result", _("Say how it went."))

    def values(self) -> ReportValues:
        """Return what was filled in."""
        return ReportValues(**{name: self.cleaned_data[name] for name in VALUES})


VALUES = (
    "result",
    "summary",
    "problems",
    "used_minutes",
    "follow_up_required",
    "follow_up_date",
    "follow_up_note",
    "is_billable",
)


def stored_values(report: VisitReport) -> dict[str, Any]:
    """Return a report as its form shows it."""
    return {"version": report.version, **{name: getattr(report, name) for name in VALUES}}


def first_values(stop: Appointment) -> dict[str, Any]:
    """Return what a new report begins with; the minutes are known when the work is done."""
    measured = measured_minutes(stop)
    return {"used_minutes": measured and min(measured, MINUTES_A_DAY), "is_billable": True}
