"""What the start page shows of notices, for one tenant or (None) for all."""

from django.db.models import QuerySet

from ordinavo.tenants.models import ManagerNotice, Tenant


def open_notices(tenant: Tenant | None, *, limit: int) -> list[ManagerNotice]:
    """Return the newest notices that nobody has taken care of."""
    return list(waiting_notices(tenant).order_by("-id")[:limit])


def waiting_notices(tenant: Tenant | None) -> QuerySet[ManagerNotice]:
    """Return the notices that nobody has taken care of."""
    rows = ManagerNotice.objects.filter(done_at=None)
    return rows.filter(tenant=tenant) if tenant else rows
