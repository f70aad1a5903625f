"""Find what an operator names."""

from integrations import keys
from integrations.models import ApiKey, IntegrationClient
from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.tenants.models import Tenant


def tenant_named(slug: str) -> Tenant:
    """Return the tenant with this slug, or raise `NotFound`."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise NotFound(f"There is no tenant {slug}.")
    return tenant


def client_named(text: str) -> IntegrationClient:
    """Return the client with this id, or of this tenant and name (`acme/ERP`); else raise `NotFound`."""
    clients = IntegrationClient.objects.select_related("tenant", "source_system")
    if _is_id(text):
        found = clients.filter(id=int(text))
    else:
        slug, _, name = text.partition("/")
        found = clients.filter(tenant__slug=slug, name=name)
    client = found.first()
    if client is None:
        raise NotFound(f"There is no client {text}; name it by id or as tenant/name.")
    return client


def key_named(text: str) -> ApiKey:
    """Return the key with this id, visible start or (for a key that was found in the open) whole secret.

    Raises `NotFound`, or `Conflict` where several keys begin alike.
    """
    every = ApiKey.objects.select_related("client__tenant")
    if keys.well_formed(text):
        found = list(every.filter(digest=keys.digest(text)))
    elif _is_id(text):
        found = list(every.filter(id=int(text)))
    else:
        found = list(every.filter(visible_start=text.removesuffix("…")))
    if not found:
        raise NotFound("There is no such key; name it by id or by its visible start.")
    if len(found) > 1:
        ids = ", ".join(str(key.id) for key in found)
        raise Conflict(f"Several keys begin like this: name one by its id ({ids}).")
    return found[0]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
