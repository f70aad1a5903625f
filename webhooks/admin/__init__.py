"""Webhooks as staff see them: subscriptions and how they do, deliveries with their attempts, events."""

from webhooks.admin import deliveries, events, subscriptions

__all__ = ["deliveries", "events", "subscriptions"]
