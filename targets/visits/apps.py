"""Who goes to customers, and what they find there."""

from importlib import import_module

from django.apps import AppConfig

from ordinavo.kernel.reactions import register
from webhooks.catalog.types import BILLING_READY


class VisitsConfig(AppConfig):
    """Employees and their days, appointments."""

    name = "targets.visits"
    label = "visits"

    def ready(self) -> None:
        """Follow what imports do to planned targets, and how deliveries of billing events end."""
        # Models cannot be imported while apps are still loading.
        reactions = import_module("targets.visits.reactions")
        register("targets.cancelled", reactions.follow_cancelled)
        register("targets.replanned", reactions.follow_replanned)
        register("targets.reopened", reactions.follow_reopened)
        settling = import_module("targets.visits.services.settling")
        settled = import_module("webhooks.delivery.settled")
        settled.on_settled(BILLING_READY, settling.follow_settled)
