"""What the start page shows of webhooks: few rows, for one tenant or (None) for all."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from ordinavo.kernel.ulids import first_ulid
from ordinavo.tenants.models import Tenant
from webhooks.delivery.claim import look
from webhooks.models import Delivery, Subscription
from webhooks.selectors import CLOCK_SKEW

_RECEIVER = (Subscription.DisabledReason.GONE, Subscription.DisabledReason.FAILING)


def subscriptions_in_trouble(tenant: Tenant | None, *, limit: int) -> list[Subscription]:
    """Return subscriptions whose receiver fails, or was given up, with their clients; the longest first.

    One for each receiver rather than one for each delivery: a dead receiver fails thousands.
    """
    rows: QuerySet[Subscription] = Subscription.objects.live().select_related("client")
    mine = rows.filter(tenant=tenant) if tenant else rows
    troubled = Q(active=True, failure_streak__gt=0) | Q(disabled_reason__in=_RECEIVER)
    return list(mine.filter(troubled).order_by("failing_since", "id")[:limit])


def deliveries_failing(tenant: Tenant | None) -> QuerySet[Delivery]:
    """Return the deliveries of the last 24 hours that failed or are retried, through their own index."""
    since = first_ulid(timezone.now() - timedelta(days=1) - CLOCK_SKEW)
    # As words in the statement: what is prepared without them would never take the index.
    failing = Q(status__word=Delivery.Status.FAILED) | Q(status__word=Delivery.Status.RETRYING)
    rows = Delivery.objects.filter(failing, pk__gte=since)
    return rows.filter(tenant=tenant) if tenant else rows


def overdue_since(tenant: Tenant | None, *, now: datetime) -> datetime | None:
    """Return since when the oldest delivery is due that should have been sent by now, or None.

    One probe for each subscription that has something open. A receiver that is left alone for a while owes
    nothing.
    """
    ready = {one.subscription_id: one.ready_at for one in look() if one.ready_at < now}
    if tenant and ready:
        mine = Subscription.objects.filter(tenant=tenant, pk__in=ready).values_list("pk", flat=True)
        ready = {pk: ready[pk] for pk in mine}
    return min(ready.values(), default=None)


def deliveries_open(*, most: int) -> int:
    """Return how many deliveries are not at their end, up to so many."""
    # As words in the statement: what is prepared without them would never take the index.
    waiting = Q(status__word=Delivery.Status.PENDING) | Q(status__word=Delivery.Status.RETRYING)
    return Delivery.objects.filter(waiting).order_by()[:most].count()


def circuits_open() -> int:
    """Return how many subscriptions are left alone, or only probed, since their receivers fail."""
    rows = Subscription.objects.live()
    return rows.filter(active=True, circuit_open_until__isnull=False).count()
