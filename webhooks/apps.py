"""Whom we call."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Subscriptions, events, deliveries and their attempts."""

    name = "webhooks"
