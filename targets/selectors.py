"""Reading targets and templates, by tenant."""

from collections.abc import Collection, Iterable

from django.db.models import Prefetch, QuerySet

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


def targets_called(external_id: str, tenant: Tenant) -> QuerySet[Target]:
    """Return what the tenant's outside systems call so, in one system or several."""
    # By the source systems, which stand between tenant and external id in the index.
    sources = SourceSystem.objects.filter(tenant=tenant)
    return Target.objects.filter(tenant=tenant, source_system__in=sources, external_id=external_id)


def targets_of(source_system: SourceSystem) -> QuerySet[Target]:
    """Return a source system's targets with their locations and what these are called outside."""
    rows = Target.objects.filter(tenant_id=source_system.tenant_id, source_system=source_system)
    followed = Prefetch("follow_up_of", Target.objects.only("id", "external_id"))
    return rows.select_related("location").prefetch_related("location__references", followed)


def lock_targets_by_id(tenant: Tenant, target_ids: Iterable[int]) -> dict[int, Target]:
    """Return targets of the tenant by id, with what they are linked to for planning, locked until the
    transaction ends.

    The locks are taken in the order in which imports take them, so that neither waits for the other.
    """
    rows = Target.objects.select_for_update(of=("self",)).filter(tenant=tenant, id__in=list(target_ids))
    ordered = rows.select_related("source_system", "location", "template", "follow_up_of").order_by(
        "source_system_id", "external_id", "id"
    )
    return {row.pk: row for row in ordered}
