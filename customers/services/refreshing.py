"""Keeping what searches know of a tenant in step with its customers."""

from datetime import timedelta

from django.db import connection, transaction

from customers.models import Customer, Location, MatchingProfile
from customers.services.profiles import count_frequent
from customers.services.search_keys import key_changed
from ordinavo.tenants.models import Tenant

_STEP = 500
# Longer than any transaction: what was written while the last refresh ran is looked at again.
_OVERLAP = timedelta(hours=1)

_GONE = """
DELETE FROM customers_searchkey AS stored WHERE tenant_id = %s AND (
    NOT EXISTS (SELECT 1 FROM customers_customer WHERE id = stored.customer_id)
    OR location_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM customers_location WHERE id = stored.location_id)
)
"""


def refresh_matching(*, tenant: Tenant) -> None:
    """Write the keys of customers anew that changed since the last time, and count what is frequent.

    Whoever writes customers writes their keys too; this mends what somebody missed, in short transactions.
    """
    profile = MatchingProfile.objects.filter(tenant=tenant, ready_at__isnull=False).first()
    if profile is None:
        return
    since = (profile.refreshed_at or profile.created_at) - _OVERLAP
    customers = Customer.objects.filter(tenant=tenant, updated_at__gte=since).values_list("pk", flat=True)
    sites = Location.objects.filter(tenant=tenant, updated_at__gte=since).values_list(
        "customer_id", flat=True
    )
    ids = sorted({*customers, *sites})
    for start in range(0, len(ids), _STEP):
        with transaction.atomic():
            key_changed(tenant=tenant, customer_ids=ids[start : start + _STEP])
    _forget_gone(tenant)
    count_frequent(profile)
    profile.save(update_fields=["customers", "sites", "neighbours", "counts", "refreshed_at"])


def _forget_gone(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [tenant.pk])
