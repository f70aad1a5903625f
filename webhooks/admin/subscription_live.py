"""The part of a subscription's page that renews itself: how its receiver does, and its last deliveries."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from ordinavo.kernel.admin import show
from webhooks.admin.figures import NONE, figures_of, length
from webhooks.marks import DELIVERY_STATUS, SUBSCRIPTION_STATE, state_of
from webhooks.models import Delivery, Subscription

DELIVERIES_SHOWN = 10
_OPTIONS = {
    "customer_context": "customer context",
    "contact_details": "contact details",
    "summary_preview": "summary preview",
    "billing_details": "billing details",
}


def live(subscription: Subscription) -> dict[str, Any]:
    """Return what the part shows."""
    deliveries = Delivery.objects.filter(subscription=subscription).order_by("-id")[:DELIVERIES_SHOWN]
    return {
        "subscription": subscription,
        "facts": show.facts(_health(subscription)),
        "deliveries": [(one, DELIVERY_STATUS.get(one.status, "")) for one in deliveries],
        "all": f"{reverse('admin:webhooks_delivery_changelist')}?subscription__id__exact={subscription.pk}",
    }


def _health(subscription: Subscription) -> list[tuple[str, show.Cell]]:
    state, figures = state_of(subscription), figures_of([subscription.pk]).get(subscription.pk, NONE)
    off = subscription.get_disabled_reason_display()
    secret = subscription.previous_secret_expires_at
    two = secret is not None and secret > timezone.now()
    return [
        ("State", show.mark(state, SUBSCRIPTION_STATE.get(state, ""))),
        ("Why", _why(subscription, state) or off),
        ("Since", show.when(subscription.disabled_at) if subscription.disabled_at else ""),
        ("Success", _share(figures.percent, figures.attempts, figures.kind)),
        ("Median", "" if figures.median_ms is None else length(figures.median_ms)),
        ("Trouble", _trouble(subscription)),
        ("Circuit", _circuit(subscription.circuit_open_until) if subscription.active else ""),
        ("Last success", show.when(subscription.last_success_at) if subscription.last_success_at else ""),
        ("Secrets", f"two, the old one until {show.when(secret)}" if two else "one"),
        ("Client", show.link_to(subscription.client)),
        ("Created", show.when(subscription.created_at)),
    ]


def _why(subscription: Subscription, state: str) -> str:
    return "Its integration client is switched off." if state == "Client off" else ""


def _share(percent: int, attempts: int, kind: str) -> show.Cell:
    if not attempts:
        return "no attempt yet"
    last = "its only attempt" if attempts == 1 else f"the last {attempts} attempts"
    return show.mark(f"{percent} % of {last}", kind)


def _circuit(open_until: datetime | None) -> show.Cell:
    """Say whether the receiver is being left alone."""
    if open_until is None:
        return "closed: deliveries go out"
    if open_until <= timezone.now():
        return format_html("{} the next delivery is a probe", show.mark("half open", "warn"))
    until = show.seconds(open_until)
    return format_html("{} nothing is sent until {}, then one probe", show.mark("open", "bad"), until)


def _trouble(subscription: Subscription) -> str:
    """Return how often it has failed since the last success, and since when; "" if it has not."""
    streak = subscription.failure_streak
    if not streak:
        return ""
    failures = "1 failure" if streak == 1 else f"{streak:,} failures in a row"
    return f"{failures} since {show.when(subscription.failing_since)}"


def settings_of(subscription: Subscription) -> list[tuple[str, show.Cell]]:
    """Return what a subscription asks for, in words."""
    options = [words for name, words in _OPTIONS.items() if getattr(subscription, name)]
    return [
        ("URL", subscription.url),
        ("Description", subscription.description),
        ("Event types", ", ".join(subscription.event_types)),
        ("Told beside", ", ".join(options) or "nothing"),
    ]
