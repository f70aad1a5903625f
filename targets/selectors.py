"""Reading targets and templates, by tenant."""

from collections.abc import Collection

from django.db.models import QuerySet

from integrations.models import SourceSystem
from ordinavo.kernel.rows import among, read_rows
from ordinavo.tenants.models import Tenant
from targets.models import Target, TargetTemplate


def lock_targets(source_system: SourceSystem, external_ids: Collection[str]) -> dict[str, Target]:
    """Return the source system's targets by external id, locked in its order until the transaction ends."""
    wanted, parameter = among("external_id", external_ids)
    rows = read_rows(
        Target,
        f"WHERE tenant_id = %s AND source_system_id = %s AND {wanted} ORDER BY external_id FOR UPDATE",
        [source_system.tenant_id, source_system.pk, parameter],
    )
    return {row.external_id or "": row for row in rows}


def templates_by_key(tenant: Tenant, keys: Collection[str]) -> dict[str, TargetTemplate]:
    """Return the tenant's active templates by key."""
    if not keys:
        return {}
    return {row.key: row for row in active_templates(tenant).filter(key__in=sorted(keys))}


def active_templates(tenant: Tenant) -> QuerySet[TargetTemplate]:
    """Return the templates that imports may name."""
    return TargetTemplate.objects.filter(tenant=tenant, active=True)


def targets_of(source_system: SourceSystem) -> QuerySet[Target]:
    """Return a source system's targets with their locations and what these are called outside."""
    rows = Target.objects.filter(tenant_id=source_system.tenant_id, source_system=source_system)
    return rows.select_related("location").prefetch_related("location__references")
