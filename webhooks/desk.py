"""What the start page shows of webhooks: few rows, for one tenant or (None) for all."""

from django.db.models import Q, QuerySet

from ordinavo.tenants.models import Tenant
from webhooks.models import Subscription

_RECEIVER = (Subscription.DisabledReason.GONE, Subscription.DisabledReason.FAILING)


def subscriptions_in_trouble(tenant: Tenant | None, *, limit: int) -> list[Subscription]:
    """Return subscriptions whose receiver fails, or was given up, with their clients; the longest first.

    One for each receiver rather than one for each delivery: a dead receiver fails thousands.
    """
    rows: QuerySet[Subscription] = Subscription.objects.live().select_related("client")
    mine = rows.filter(tenant=tenant) if tenant else rows
    troubled = Q(active=True, failure_streak__gt=0) | Q(disabled_reason__in=_RECEIVER)
    return list(mine.filter(troubled).order_by("failing_since", "id")[:limit])
