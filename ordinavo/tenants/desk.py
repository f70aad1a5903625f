"""What the start page shows of notices, for one tenant or (None) for all."""

from ordinavo.tenants.models import ManagerNotice, Tenant


def open_notices(tenant: Tenant | None, *, limit: int) -> list[ManagerNotice]:
    """Return the newest notices that nobody has taken care of."""
    rows = ManagerNotice.objects.filter(done_at=None)
    mine = rows.filter(tenant=tenant) if tenant else rows
    return list(mine.order_by("-id")[:limit])
