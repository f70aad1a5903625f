"""Source systems and integration clients."""

from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite

from django.db import transaction

from integrations.models import (
    MINUTE_REQUESTS,
    Environment,
    Feature,
    IntegrationClient,
    MappingFallback,
    MappingStrategy,
    SourceSystem,
)
from integrations.scopes import Scope
from ordinavo.kernel.saving import invalid_field, save_new
from ordinavo.tenants.models import Tenant, User
from ordinavo.tenants.services.audit import record_audit

RECORD_KINDS = ("customers", "locations", "contacts")
THRESHOLDS = ("link_score", "review_score", "link_margin")


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """How the client's records find their customers.

    `create` and `update` name the kinds of record (`RECORD_KINDS`) that imports may create and update. Scores
    (0 to 1) and margin (0 to 0.5) are for searches by name and address; None is the usual one.
    """

    strategy: MappingStrategy = MappingStrategy.EXTERNAL_ID_FIRST
    fallbacks: Collection[MappingFallback] = ()
    create: Collection[str] = ()
    update: Collection[str] = ()
    link_score: float | None = None
    review_score: float | None = None
    link_margin: float | None = None


@transaction.atomic
def create_source_system(
    *, tenant: Tenant, key: str, name: str = "", actor: User | None = None
) -> SourceSystem:
    """Return a new source system of exactly this tenant (a test twin has its own).

    Raises `ValidationFailed` for a key that is taken or badly formed.
    """
    source = save_new(SourceSystem(tenant=tenant, key=key, name=name or key))
    record_audit(
        tenant=tenant, actor=actor, action="source_system.created", subject=source, details={"key": key}
    )
    return source


@transaction.atomic
def create_client(
    *,
    tenant: Tenant,
    name: str,
    source_system_key: str,
    scopes: Collection[Scope],
    environment: Environment = Environment.LIVE,
    mapping: MappingSettings | None = None,
    ip_allowlist: Collection[str] = (),
    features: Collection[Feature] = (),
    requests_per_minute: int = MINUTE_REQUESTS,
    active: bool = True,
    actor: User | None = None,
) -> IntegrationClient:
    """Return a new client of the tenant, or of its test twin for the environment `test`.

    A source system that is not there yet is made. Keys of one that is not `active` are refused. Raises
    `ValidationFailed` with one detail per bad field.
    """
    home = _home(tenant, environment)
    client = IntegrationClient(
        tenant=home,
        source_system=_source_system(home, source_system_key, actor),
        name=name,
        scopes=[scope.value for scope in Scope if scope in scopes],
        features=list(dict.fromkeys(features)),
        ip_allowlist=list(dict.fromkeys(ip_allowlist)),
        requests_per_minute=requests_per_minute,
        active=active,
    )
    _apply_mapping(client, mapping or MappingSettings())
    save_new(client)
    made = {"name": name, "scopes": client.scopes}
    record_audit(tenant=home, actor=actor, action="integration_client.created", subject=client, details=made)
    return client


def _home(tenant: Tenant, environment: Environment) -> Tenant:
    if environment == Environment.LIVE and tenant.is_test:
        raise invalid_field("environment", "A test twin has test clients only.")
    if environment == Environment.LIVE or tenant.is_test:
        return tenant
    twin = Tenant.objects.filter(twin_of=tenant).first()
    if twin is None:
        raise invalid_field("environment", "The tenant has no test twin.")
    return twin


def _source_system(tenant: Tenant, key: str, actor: User | None) -> SourceSystem:
    known = SourceSystem.objects.filter(tenant=tenant, key=key).first()
    return known or create_source_system(tenant=tenant, key=key, actor=actor)


def _apply_mapping(client: IntegrationClient, mapping: MappingSettings) -> None:
    unknown = {*mapping.create, *mapping.update} - set(RECORD_KINDS)
    if unknown:
        raise invalid_field("mapping", f"Unknown kind of record: {', '.join(sorted(unknown))}.")
    client.mapping_strategy = mapping.strategy
    client.mapping_fallbacks = list(dict.fromkeys(mapping.fallbacks))
    for kind in RECORD_KINDS:
        setattr(client, f"create_{kind}", kind in mapping.create)
        setattr(client, f"update_{kind}", kind in mapping.update)
    for name in THRESHOLDS:
        value = getattr(mapping, name)
        if value is not None and not isfinite(value):
            raise invalid_field(name, "Must be a number.")
        if value is not None:
            setattr(client, name, value)
