"""Who may call us."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Source systems, integration clients, their keys, idempotency."""

    name = "integrations"
