"""Forms of subscriptions: what they ask for, and what is done to them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from integrations.models import IntegrationClient
from ordinavo.kernel.admin.forms import TenantForm
from ordinavo.kernel.admin.show import words
from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.outbound.urls import refuse_url
from webhooks.catalog.types import EVENT_TYPES, TEST
from webhooks.models import Subscription
from webhooks.services.event_types import checked_event_types, may_bill, require_billing
from webhooks.services.replay import MISSED
from webhooks.services.subscriptions import DEFAULT_OPTIONS

OVERLAPS = (
    ("0", "None: the old secret stops signing now"),
    ("3600", "1 hour"),
    ("86400", "1 day"),
    ("604800", "7 days"),
)
_MOMENT = "%Y-%m-%dT%H:%M"
_PATIENCE = timedelta(days=3)


def _noun(name: str) -> str:
    return name.partition(".")[0]


def _asked_for() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices by noun: all of it first, then each type."""
    groups = groupby(EVENT_TYPES, key=_noun)
    return [
        (words(noun), [(f"{noun}.*", f"all ({noun}.*)"), *((name, name) for name in names)])
        for noun, names in groups
        if noun != _noun(TEST)
    ]


class SubscriptionForm(TenantForm):
    """A subscription, with its event types as boxes to tick."""

    event_types = forms.MultipleChoiceField(
        choices=_asked_for,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(attrs={"class": "ord-event-type"}),
        help_text="“all” covers types that come later too.",
    )

    class Meta:
        model = Subscription
        fields = ("client", "url", "description", "event_types", *DEFAULT_OPTIONS)
        help_texts = {
            "url": "https, port 443 or 8443. Deliveries are POSTed there.",
            "description": "How you call it; notices and lists name it.",
            "customer_context": "Customer, location and contact; needs the client's scope customers.read.",
            "contact_details": "E-mail, phone and role of the contact.",
            "summary_preview": "The first 280 characters of a visit report.",
            "billing_details": "Minutes and times; needs the client's feature billing_webhooks.",
        }

    def clean_url(self) -> str:
        """Refuse what may not be called."""
        url = str(self.cleaned_data["url"])
        self._try("url", lambda: refuse_url(url))
        return url

    def clean(self) -> Any:
        """Hold types and options to what the client may have."""
        given = super().clean() or self.cleaned_data
        client: IntegrationClient | None = given.get("client") or getattr(self.instance, "client", None)
        if client is not None:
            types = given.get("event_types", [])
            self._try("event_types", lambda: checked_event_types(types, client=client))
            details = [""] if given.get("billing_details") else []
            self._try("billing_details", lambda: require_billing(client, details))
        return given

    def _try(self, field: str, check: Callable[[], object]) -> None:
        try:
            check()
        except DomainError as refusal:
            self.add_error(field, refusal.details[0].message if refusal.details else refusal.message)


class RotateForm(forms.Form):
    """How long the old secret goes on signing beside the new one."""

    overlap = forms.ChoiceField(
        choices=OVERLAPS,
        initial="86400",
        widget=UnfoldAdminSelectWidget(choices=OVERLAPS),
        help_text="Time to put the new secret in place while the old one still signs.",
    )

    def duration(self) -> timedelta:
        """Return the chosen overlap."""
        return timedelta(seconds=int(self.cleaned_data["overlap"]))


class TestForm(forms.Form):
    """Of which type the example is."""

    event_type = forms.ChoiceField(widget=UnfoldAdminSelectWidget, initial=TEST)

    def __init__(self, client: IntegrationClient, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["event_type"]
        field.choices = [(name, name) for name in _testable(client)]


def _testable(client: IntegrationClient) -> Iterable[str]:
    others = (one.name for one in EVENT_TYPES.values() if may_bill(client) or not one.is_billing)
    return dict.fromkeys((TEST, *others))


def _moment(label: str, help_text: str) -> forms.DateTimeField:
    kind = {"type": "datetime-local"}
    widget = UnfoldAdminTextInputWidget(attrs=kind)
    return forms.DateTimeField(label=label, help_text=help_text, input_formats=[_MOMENT], widget=widget)


class ReplayForm(forms.Form):
    """From when to when, and what; `counted` is what was last counted, and so what is agreed to."""

    since = _moment("From", "Events that occurred at this time or later; deliveries are kept for 30 days.")
    until = _moment("To", "Events that occurred before this time.")
    statuses = forms.MultipleChoiceField(
        choices=[(status.value, status.label) for status in MISSED],
        initial=[status.value for status in MISSED],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label="Missed deliveries",
        help_text="What was delivered since, or is under way, is not sent a third time.",
    )
    counted = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, subscription: Subscription, data: Any = None) -> None:
        self.subscription = subscription
        # Most people come after something went wrong: what failed then may have waited for days by then.
        now = timezone.localtime()
        began = (subscription.failing_since or subscription.disabled_at or now) - _PATIENCE
        until = now + timedelta(minutes=1)
        first = {"since": timezone.localtime(began).strftime(_MOMENT), "until": until.strftime(_MOMENT)}
        super().__init__(data, initial=first)

    def asked(self) -> dict[str, Any]:
        """Return the arguments of `replay`."""
        return {name: self.cleaned_data[name] for name in ("since", "until", "statuses")}

    def agreeing(self) -> "ReplayForm":
        """Return the same form as it is to come back when the sender agrees to what was counted."""
        given = {name: self[name].data for name in ("since", "until", "statuses")}
        agreed = ReplayForm(self.subscription, {**given, "counted": self.mark()})
        agreed.is_valid()
        return agreed

    def mark(self) -> str:
        """Return what tells this question from others."""
        return "|".join(str(value) for value in self.asked().values())
