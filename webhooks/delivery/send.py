"""The bytes and headers of a delivery, as they are sent at this moment."""

from datetime import datetime

from django.utils import timezone

from ordinavo.kernel.json_text import json_text, json_value
from ordinavo.kernel.ulids import shown_ulid
from webhooks.delivery.claim import Claim
from webhooks.delivery.receivers import Receiver, receiver_of
from webhooks.delivery.signing import signature_headers
from webhooks.models import Delivery, Event, Subscription
from webhooks.payload.shape import shape

Request = tuple[bytes, dict[str, str]]


def build(claim: Claim, receiver: Receiver, *, now: datetime) -> Request:
    """Return body and headers of an attempt at `now`: the body is written once, signed and sent as it is."""
    event_id = shown_ulid(Event.PREFIX, claim.event_id)
    payload = shape(
        snapshot=json_value(claim.snapshot),
        event_type=claim.event_type,
        event_id=event_id,
        occurred_at=claim.occurred_at,
        tenant_slug=receiver.tenant_slug,
        correlation_id=claim.correlation_id,
        options=receiver.options,
        is_example=claim.is_example,
    )
    body = json_text(payload).encode()
    headers = signature_headers(
        event_id=event_id,
        event_type=claim.event_type,
        delivery_id=shown_ulid(Delivery.PREFIX, claim.delivery_id),
        now=now,
        body=body,
        secrets=receiver.secrets,
    )
    return body, headers


def request_of(
    delivery: Delivery, event: Event, subscription: Subscription, *, now: datetime | None = None
) -> Request:
    """Return what would be sent for this delivery now: body and headers, signatures included."""
    now = now or timezone.now()
    claim = Claim(
        delivery_id=delivery.id,
        tenant_id=delivery.tenant_id,
        subscription_id=subscription.pk,
        attempt_count=delivery.attempt_count,
        by_hand=delivery.by_hand,
        lease=now,
        event_id=event.id,
        event_type=event.type,
        occurred_at=event.occurred_at,
        correlation_id=event.correlation_id,
        snapshot=json_text(event.snapshot),
        is_example=event.is_example,
    )
    return build(claim, receiver_of(subscription, now=now), now=now)
