"""Deliveries and events are kept for `WEBHOOK_KEPT_DAYS`, then deleted in small steps."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ordinavo.kernel.ulids import first_ulid
from webhooks.models import Delivery, Event

STEP = 1000


def prune() -> int:
    """Delete deliveries past their time with their attempts, then events without deliveries; return how many
    rows that were. An event lives as long as a later redelivery of it."""
    oldest = first_ulid(timezone.now() - timedelta(days=settings.WEBHOOK_KEPT_DAYS))
    return _deliveries(oldest) + _events(oldest)


def _deliveries(oldest: UUID) -> int:
    past = Delivery.objects.filter(id__lt=oldest).exclude(status__in=Delivery.OPEN).order_by("id")
    pruned = 0
    while ids := list(past.values_list("id", flat=True)[:STEP]):
        pruned += Delivery.objects.filter(id__in=ids).delete()[0]
    return pruned


def _events(oldest: UUID) -> int:
    told = Delivery.objects.filter(event=OuterRef("id"))
    past = Event.objects.filter(~Exists(told), id__lt=oldest).order_by("id")
    pruned = 0
    while ids := list(past.values_list("id", flat=True)[:STEP]):
        pruned += Event.objects.filter(id__in=ids).delete()[0]
    return pruned
