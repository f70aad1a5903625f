"""Forms of clients and keys."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from integrations.models import ApiKey, Feature, IntegrationClient, MappingFallback, validate_network
from integrations.scopes import Scope
from ordinavo.kernel.admin.forms import TenantForm

OVERLAPS = (
    ("0", "None: the old key stops now"),
    ("3600", "1 hour"),
    ("86400", "1 day"),
    ("604800", "7 days"),
)


def _checkboxes(choices: Any, *, label: str = "", help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices,
        required=False,
        label=label or None,
        help_text=help_text,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(choices=choices),
    )


class NetworksField(forms.CharField):
    """Networks, one a line; blank lines are left out."""

    def prepare_value(self, value: Any) -> Any:
        """Show one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines that hold something."""
        text = str(super().to_python(value) or "")
        return [line.strip() for line in text.splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        """Name every line that is no network."""
        faults: list[ValidationError] = []
        for line in value:
            try:
                validate_network(line)
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)


class ClientForm(TenantForm):
    """A client, with its lists as boxes to tick and the allowlist as one network a line."""

    scopes = _checkboxes([(scope.value, f"{scope.label} ({scope.value})") for scope in Scope])
    features = _checkboxes(Feature.choices)
    mapping_fallbacks = _checkboxes(
        MappingFallback.choices,
        help_text="Used by the strategy “External ids, then the chosen fallbacks” only.",
    )
    ip_allowlist = NetworksField(
        label="IP allowlist",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One address or network in CIDR form a line, v4 or v6. Empty means anywhere.",
    )

    class Meta:
        model = IntegrationClient
        fields = "__all__"


class IssueForm(forms.Form):
    """What a new key may be given."""

    label = forms.CharField(
        max_length=ApiKey._meta.get_field("label").max_length,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Where it will be used, for instance “ERP production”.",
    )
    expires_on = forms.DateField(
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="The last day on which it works. Empty: it works until you revoke it.",
    )

    def clean_expires_on(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("This day is over.")
        return day

    def expires_at(self) -> Any:
        """Return the first instant at which the key no longer works, in the tenant's zone, or None."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class RotateForm(forms.Form):
    """How long the old key goes on working beside the new one."""

    overlap = forms.ChoiceField(
        choices=OVERLAPS,
        initial="86400",
        widget=UnfoldAdminSelectWidget(choices=OVERLAPS),
        help_text="Time to put the new key in place while the old one still works.",
    )

    def duration(self) -> timedelta:
        """Return the chosen overlap."""
        return timedelta(seconds=int(self.cleaned_data["overlap"]))


class RevokeForm(forms.Form):
    """Nothing to fill in: only to be confirmed."""
