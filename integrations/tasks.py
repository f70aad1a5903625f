"""Chores of the caller's side."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from integrations.models import IdempotencyRecord

PRUNE_STEP = 1000


@shared_task
def prune_idempotency_records() -> int:
    """Delete the answers that are past their time, in small steps; return how many there were."""
    oldest = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_KEPT_HOURS)
    past = IdempotencyRecord.objects.filter(created_at__lte=oldest).order_by("created_at")
    pruned = 0
    while ids := list(past.values_list("id", flat=True)[:PRUNE_STEP]):
        pruned += IdempotencyRecord.objects.filter(id__in=ids, created_at__lte=oldest).delete()[0]
    return pruned
