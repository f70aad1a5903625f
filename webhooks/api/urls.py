"""Paths of webhooks."""

from ordinavo.kernel.api import endpoint
from webhooks.api.deliveries import Deliveries, DeliveryDetail, Redelivery
from webhooks.api.event_types import EventTypes
from webhooks.api.subscriptions import (
    PreviousSecret,
    SecretRotation,
    SubscriptionDetail,
    SubscriptionReplay,
    Subscriptions,
    SubscriptionTest,
)

_ONE = "webhooks/subscriptions/<str:subscription_id>"

urlpatterns = [
    endpoint("webhooks/subscriptions", Subscriptions, "webhook-subscriptions"),
    endpoint(_ONE, SubscriptionDetail, "webhook-subscription"),
    endpoint(f"{_ONE}/rotate-secret", SecretRotation, "webhook-secret-rotation"),
    endpoint(f"{_ONE}/previous-secret", PreviousSecret, "webhook-previous-secret"),
    endpoint(f"{_ONE}/test", SubscriptionTest, "webhook-test"),
    endpoint(f"{_ONE}/replay", SubscriptionReplay, "webhook-replay"),
    endpoint("webhooks/event-types", EventTypes, "webhook-event-types"),
    endpoint("webhooks/deliveries", Deliveries, "webhook-deliveries"),
    endpoint("webhooks/deliveries/<str:delivery_id>", DeliveryDetail, "webhook-delivery"),
    endpoint("webhooks/deliveries/<str:delivery_id>/redeliver", Redelivery, "webhook-redelivery"),
]
