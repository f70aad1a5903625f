"""Rows for tests, with what a test does not care about filled in."""

from itertools import count
from typing import Any

from integrations import keys
from integrations.models import ApiKey, IntegrationClient, SourceSystem
from integrations.scopes import Scope
from ordinavo.tenants.models import Tenant

_numbers = count(1)

ALL_SWITCHES: dict[str, Any] = {
    f"{verb}_{kind}": True for verb in ("create", "update") for kind in ("customers", "locations", "contacts")
}


def tenant(**fields: Any) -> Tenant:
    """A tenant without a twin, in Germany."""
    slug = f"tenant-{next(_numbers)}"
    return Tenant.objects.create(**{"slug": slug, "name": slug.title(), **fields})


def twin(of: Tenant) -> Tenant:
    """The test twin of a tenant."""
    return Tenant.objects.create(slug=f"{of.slug}-test", name=f"{of.name} (test)", twin_of=of)


def source_system(tenant: Tenant, key: str = "logistics_erp") -> SourceSystem:
    """The tenant's source system with this key."""
    return SourceSystem.objects.get_or_create(tenant=tenant, key=key, defaults={"name": key})[0]


def client(tenant: Tenant, *, source: str = "logistics_erp", **fields: Any) -> IntegrationClient:
    """A client with all scopes, and no switch on."""
    return IntegrationClient.objects.create(
        **{
            "tenant": tenant,
            "source_system": source_system(tenant, source),
            "name": f"Client {next(_numbers)}",
            "scopes": [scope.value for scope in Scope],
            **fields,
        }
    )


def key(client: IntegrationClient, **fields: Any) -> tuple[ApiKey, str]:
    """A key of the client, and its secret."""
    secret = keys.new_key(client.environment.value)
    row = ApiKey.objects.create(
        client=client, digest=keys.digest(secret), visible_start=keys.visible_start(secret), **fields
    )
    return row, secret
