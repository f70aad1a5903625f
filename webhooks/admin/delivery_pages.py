"""The page of a delivery: its attempts, the request as it would be sent now, and sending it again."""

import json
import re
from datetime import timedelta
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done
from ordinavo.kernel.admin.json_view import pretty
from ordinavo.tenants.staff import actor_of
from webhooks.admin.figures import length
from webhooks.admin.links import subscription_link, told_of
from webhooks.admin.reasons import advice, happened, outcome
from webhooks.delivery.send import request_of
from webhooks.marks import DELIVERY_STATUS, SUBSCRIPTION_STATE, state_of
from webhooks.models import Attempt, Delivery
from webhooks.services.deliveries import redeliver

REDELIVERIES_SHOWN = 20
# `sha256=` or `v1,`, as a signature begins.
_KIND = re.compile("(?<=[=,])")
# What is due soon is watched closely; a retry in hours is not.
_SOON, _CLOSELY, _LOOSELY = timedelta(minutes=1), 2, 30


class DeliveryPage(Protocol):
    """What these pages need of the deliveries' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> Delivery | None:
        """Return the delivery if it is the tenant's own."""


def live(delivery: Delivery) -> dict[str, Any]:
    """Return what the part shows that is renewed while the delivery is open."""
    return {
        "delivery": delivery,
        "facts": show.facts(_facts(delivery)),
        "attempts": [_attempt(one) for one in delivery.attempts.order_by("id")],
        "every": _every(delivery),
        "note": _note(delivery),
    }


def request_shown(delivery: Delivery) -> dict[str, Any]:
    """Return headers and body as they would be sent now, without what only the secret can make."""
    now = timezone.now()
    body, headers = request_of(delivery, delivery.event, delivery.subscription, now=now)
    shown = [(name, _without_signature(name, value)) for name, value in headers.items()]
    return {
        "url": delivery.subscription.url,
        "headers": show.facts(shown),
        "body": pretty(json.loads(body)),
        "size": f"{len(body):,} bytes",
    }


def resend_page(page: DeliveryPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, send the event once more, and lead to the new delivery."""
    delivery = page.get_object(request, object_id)
    if delivery is None:
        raise Http404

    def perform() -> HttpResponse:
        again = redeliver(delivery=delivery, actor=actor_of(request))
        return done(request, f"The {again} is on its way.", show.page_of(again))

    explanation = (
        f"The event {delivery.event.public_id} becomes a new delivery to {delivery.subscription.url}, with "
        "the same event id, signed with the present secret."
    )
    if delivery.status == Delivery.Status.DELIVERED:
        explanation += " It was delivered already: the receiver gets it twice."
    return ask(
        page,
        request,
        delivery,
        perform,
        title=f"Send the {delivery} again",
        submit_text="Send again",
        explanation=explanation,
        back=show.page_of(delivery),
    )


def _without_signature(name: str, value: str) -> str:
    """Return a header's value; of a signature only its kind: a whole one would make a forged request ours."""
    if "signature" not in name.lower():
        return value
    return " ".join(f"{_KIND.split(one)[0]}…" for one in value.split(" "))


def _facts(delivery: Delivery) -> list[tuple[str, show.Cell]]:
    event, subscription = delivery.event, delivery.subscription
    state, original = state_of(subscription), delivery.redelivery_of
    again = delivery.redeliveries.order_by("id")[:REDELIVERIES_SHOWN]
    return [
        ("Status", show.mark(delivery.status, DELIVERY_STATUS.get(delivery.status, ""))),
        ("Event type", event.type),
        ("Event", show.link_to(event, event.public_id)),
        ("Tells of", told_of(event) or ("an invented example" if event.is_example else "")),
        ("Subscription", subscription_link(subscription)),
        ("Its state", show.mark(state, SUBSCRIPTION_STATE.get(state, ""))),
        ("Client", show.link_to(subscription.client)),
        ("Correlation id", event.correlation_id),
        ("Asked for", "by hand" if delivery.by_hand else ""),
        ("Redelivery of", show.link_to(original, original.public_id) if original else ""),
        ("Sent again as", show.joined(show.link_to(one, one.public_id) for one in again)),
        ("Created", show.seconds(delivery.created_at)),
        ("Next attempt", show.seconds(delivery.due_at) if delivery.due_at else ""),
        ("Finished", show.seconds(delivery.finished_at) if delivery.finished_at else ""),
    ]


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "mark": show.mark(outcome(attempt), "good" if attempt.succeeded else "bad"),
        "when": show.seconds(attempt.started_at),
        "took": length(attempt.duration_ms),
        "happened": happened(attempt),
        "advice": advice(attempt),
        "answer": attempt.answer,
    }


def _every(delivery: Delivery) -> int:
    """Return after how many seconds to look again, 0 for never."""
    if delivery.due_at is None:
        return 0
    return _CLOSELY if delivery.due_at - timezone.now() < _SOON else _LOOSELY


def _note(delivery: Delivery) -> str:
    """Return why nothing moves, if that is so."""
    subscription = delivery.subscription
    if delivery.status == Delivery.Status.CANCELLED:
        return "It was not sent, since the subscription was off. It can be sent again."
    opens = subscription.circuit_open_until
    if delivery.due_at and opens and opens > timezone.now() and not delivery.by_hand:
        return f"The receiver keeps failing, so nothing is sent to it before {show.seconds(opens)}."
    return ""
