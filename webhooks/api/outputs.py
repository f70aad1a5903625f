"""What the API says of subscriptions, event types and deliveries."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from ordinavo.kernel.instants import instant
from ordinavo.kernel.ulids import shown_ulid
from webhooks.api.forms import OPTIONS
from webhooks.models import Attempt, Delivery, Event, Subscription

_WEBHOOKS = "/api/connect/v1/webhooks"


def subscription_path(subscription: Subscription) -> str:
    """Return the path under which a subscription is read."""
    return f"{_WEBHOOKS}/subscriptions/{subscription.pk}"


def delivery_path(delivery: Delivery) -> str:
    """Return the path under which a delivery is read."""
    return f"{_WEBHOOKS}/deliveries/{delivery.public_id}"


def subscription_out(subscription: Subscription) -> dict[str, Any]:
    """Return a subscription as it stands, without its secret."""
    return {
        "id": subscription.pk,
        "url": subscription.url,
        "description": subscription.description,
        "eventTypes": subscription.event_types,
        "active": subscription.active,
        "disabledReason": subscription.disabled_reason or None,
        "disabledAt": instant(subscription.disabled_at),
        "payloadOptions": {name: getattr(subscription, column) for name, column in OPTIONS.items()},
        "previousSecretExpiresAt": _overlap_ends(subscription),
        "failureStreak": subscription.failure_streak,
        "failingSince": instant(subscription.failing_since),
        "lastSuccessAt": instant(subscription.last_success_at),
        "createdAt": instant(subscription.created_at),
        "updatedAt": instant(subscription.updated_at),
    }


def subscription_with_secret(subscription: Subscription, secret: str) -> dict[str, Any]:
    """Return a subscription with its new secret, which is never told again."""
    return {**subscription_out(subscription), "secret": secret}


def delivery_out(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery without its attempts."""
    original = delivery.redelivery_of_id
    return {
        "id": delivery.public_id,
        "eventId": shown_ulid(Event.PREFIX, delivery.event_id),
        "eventType": delivery.event_type,
        "subscriptionId": delivery.subscription_id,
        "status": delivery.status,
        "attemptCount": delivery.attempt_count,
        "nextAttemptAt": instant(delivery.due_at),
        "redeliveryOf": None if original is None else shown_ulid(Delivery.PREFIX, original),
        "isExample": delivery.event.is_example,
        "correlationId": delivery.event.correlation_id,
        "createdAt": instant(delivery.created_at),
        "finishedAt": instant(delivery.finished_at),
    }


def delivery_with_attempts(delivery: Delivery, attempts: Iterable[Attempt]) -> dict[str, Any]:
    """Return a delivery with all its attempts."""
    return {**delivery_out(delivery), "attempts": [_attempt_out(attempt) for attempt in attempts]}


def _attempt_out(attempt: Attempt) -> dict[str, Any]:
    return {
        "startedAt": instant(attempt.started_at),
        "durationMs": attempt.duration_ms,
        "statusCode": attempt.status_code,
        "error": attempt.error or None,
        "answer": attempt.answer,
    }


def _overlap_ends(subscription: Subscription) -> str | None:
    ends = subscription.previous_secret_expires_at
    return None if ends is None or ends <= timezone.now() else instant(ends)
