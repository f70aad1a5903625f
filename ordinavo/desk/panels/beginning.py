"""The first steps of a tenant that nothing has come in for yet."""

from typing import Any

from django.urls import reverse

from customers.models import Customer
from integrations.models import ApiKey, IntegrationClient
from ordinavo.desk.panels.figures import Seen
from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob


def steps(seen: Seen) -> dict[str, Any]:
    """Return the steps to a first import with what is done, or nothing once targets come in."""
    tenant = seen.tenant
    if not tenant or ImportJob.objects.filter(tenant=tenant).exists():
        return {}
    clients = IntegrationClient.objects.filter(tenant=tenant)
    told = (
        ("Add an integration client", "integrations_integrationclient_add", clients.exists()),
        ("Issue its first key", "integrations_integrationclient_changelist", _has_key(tenant)),
        ("Add customers, or let imports create them", "customers_customer_changelist", _has_customer(tenant)),
        ("Send a first target", "imports_importjob_changelist", False),
    )
    lines = [{"title": title, "link": reverse(f"admin:{name}"), "done": done} for title, name, done in told]
    return {"steps": lines}


def _has_key(tenant: Tenant) -> bool:
    return ApiKey.objects.working().filter(client__tenant=tenant).exists()


def _has_customer(tenant: Tenant) -> bool:
    return Customer.objects.filter(tenant=tenant).exists()
