"""Subscriptions, events and deliveries for tests."""

import base64
import secrets
from typing import Any

from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel.crypto import encrypt
from webhooks.models import Delivery, Event, Subscription


def subscription(client: IntegrationClient, *event_types: str, **fields: Any) -> Subscription:
    """A subscription of the client's to these types, by default to everything about targets."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return Subscription.objects.create(
        **{
            "tenant": client.tenant,
            "client": client,
            "url": "https://receiver.example/hook",
            "event_types": list(event_types) or ["target.*"],
            "secret_token": encrypt(secret.encode()),
            **fields,
        }
    )


def paused(client: IntegrationClient, *event_types: str, **fields: Any) -> Subscription:
    """A subscription that its owner has paused."""
    off = {"active": False, "disabled_reason": "paused", "disabled_at": timezone.now()}
    return subscription(client, *event_types, **{**off, **fields})


def event(client: IntegrationClient, event_type: str = "target.imported", **fields: Any) -> Event:
    """A stored event of the client's source system."""
    return Event.objects.create(
        **{
            "tenant": client.tenant,
            "source_system": client.source_system,
            "type": event_type,
            "occurred_at": timezone.now(),
            "correlation_id": "corr-1",
            "snapshot": {"target": {"id": 1, "externalId": "T-1", "title": "Visit"}},
            **fields,
        }
    )


def delivery(of: Subscription, event: Event, **fields: Any) -> Delivery:
    """A delivery of the event that is due now."""
    now = timezone.now()
    return Delivery.objects.create(
        **{
            "tenant": of.tenant,
            "client": of.client,
            "subscription": of,
            "event": event,
            "event_type": event.type,
            "due_at": now,
            "created_at": now,
            **fields,
        }
    )
