"""Tenants and their test twins."""

from dataclasses import dataclass

from django.db import transaction

from ordinavo.kernel.saving import save_new
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit


@dataclass(frozen=True, slots=True)
class Region:
    """Where a tenant works: IANA time zone, ISO country (alpha-2) and currency."""

    time_zone: str = "Europe/Berlin"
    country: str = "DE"
    currency: str = "EUR"


@transaction.atomic
def create_tenant(*, slug: str, name: str, region: Region | None = None, actor: User | None = None) -> Tenant:
    """Return a new tenant, made together with its test twin `<slug>-test`.

    Raises `ValidationFailed` for a slug that is taken or badly formed and for unknown zones or codes.
    """
    tenant = save_new(_tenant(slug=slug, name=name, region=region or Region()))
    twin = _tenant(slug=f"{slug}-test", name=f"{name} (test)", region=region or Region())
    twin.twin_of = tenant
    save_new(twin)
    record_audit(
        tenant=tenant, actor=actor, action="tenant.created", subject=tenant, details={"twin": twin.slug}
    )
    return tenant


def _tenant(*, slug: str, name: str, region: Region) -> Tenant:
    return Tenant(
        slug=slug, name=name, time_zone=region.time_zone, country=region.country, currency=region.currency
    )
