"""Chores of searches by name and address."""

from celery import shared_task
from django.db.models import Exists, OuterRef

from customers.matching.policy import EXTERNAL_ID_THEN_NAME_AND_ADDRESS
from customers.models import MatchingProfile
from customers.services.refreshing import refresh_matching
from customers.services.search_keys import build_search_keys
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant

_STEPS_AT_ONCE = 20


@shared_task
def make_searchable() -> None:
    """Rung by beat: write the keys of tenants whose clients want to map by name and address."""
    clients = IntegrationClient.objects.filter(
        tenant=OuterRef("pk"), active=True, mapping_strategy=EXTERNAL_ID_THEN_NAME_AND_ADDRESS
    )
    ready = MatchingProfile.objects.filter(tenant=OuterRef("pk"), ready_at__isnull=False)
    for tenant in Tenant.objects.filter(Exists(clients), ~Exists(ready)):
        for _ in range(_STEPS_AT_ONCE):
            if build_search_keys(tenant=tenant):
                break


@shared_task
def refresh_all_matching() -> None:
    """Rung by beat each night: count anew what is frequent, and mend keys that were missed."""
    for tenant in Tenant.objects.filter(keeps_search_keys=True):
        refresh_matching(tenant=tenant)
