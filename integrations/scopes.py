"""The scopes that an integration client can hold."""

from django.db import models


class Scope(models.TextChoices):
    """One permission of an integration client; its label says what it allows."""

    HEALTH_READ = "integration.health.read", "Read the health of the integration"
    TARGETS_WRITE = "inbound.targets.write", "Import single targets"
    TARGETS_BATCH_WRITE = "inbound.targets.batch.write", "Import batches, cancel and retry their jobs"
    CUSTOMERS_MAP = "customers.map", "Link records to existing customers, locations and contacts"
    CUSTOMERS_WRITE = "customers.write", "Create and update customers, locations and contacts"
    CUSTOMERS_READ = "customers.read", "See mapping ids and details, and customer context in webhooks"
    IMPORT_JOBS_READ = "import_jobs.read", "Read import jobs, items and error files"
    TARGETS_READ = "targets.read", "Read one's own targets back"
    ROUTE_SUGGESTIONS_CREATE = "route_suggestions.create", "Ask for route suggestions"
    ROUTE_SUGGESTIONS_READ = "route_suggestions.read", "Read route suggestions"
    WEBHOOKS_READ = "webhooks.read", "Read webhook subscriptions"
    WEBHOOKS_MANAGE = "webhooks.manage", "Manage webhook subscriptions"
    WEBHOOK_DELIVERIES_READ = "webhook_deliveries.read", "Read webhook deliveries and attempts"
