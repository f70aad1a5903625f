"""What is asked before something is done about a report."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from targets.visits.models import VisitReport
from targets.visits.services.approving import FIRST_DAY, LAST_DAY, LONGEST_TEXT

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def _text(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


class SeenForm(forms.Form):
    """Carries the version that its author saw."""

    version = forms.IntegerField(widget=forms.HiddenInput())


def seen_on_page(request: HttpRequest, report: VisitReport) -> dict[str, int]:
    """Return what the page from which somebody comes showed: its link says so, else what stands now."""
    now = {"version": report.version, "file_count": report.attachments.count()}
    told = {name: request.GET.get(name, "") for name in now}
    return {name: int(text) if _NUMBER.fullmatch(text) else now[name] for name, text in told.items()}


class ApproveForm(SeenForm):
    """A note for the house goes along, if any; files that came since the page was opened would go unseen."""

    file_count = forms.IntegerField(widget=forms.HiddenInput())
    internal_notes = _text("Internal note", "Stays in the house. It is added to those that there are.")


class RejectForm(SeenForm):
    """Nothing goes back without a reason."""

    reason = _text("What is to be changed", "The employee reads it in MyDay.", required=True)


class FollowUpForm(SeenForm):
    """When somebody is to come again, and what for."""

    day = forms.DateField(
        label="Day",
        required=False,
        help_text="Empty: it waits for a day.",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    note = _text(
        "What is to be done",
        "It begins the description of the new target, which the outside system can read.",
    )

    def clean_day(self) -> Any:
        """Hold days to what can be planned."""
        day = self.cleaned_data["day"]
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Give a day of this century.")
        return day


class NotesForm(forms.Form):
    """The notes as a whole, and as they were when their author began."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())
    notes = _text("Internal notes", "They stay in the house: no employee and no outside system sees them.")
