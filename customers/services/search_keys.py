"""Keeping customers ready to be found by name and address."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from customers.matching.keys import customer_keys, site_keys
from customers.matching.names import read_name
from customers.matching.parties import address_of
from customers.models import Contact, Customer, Location, MatchingProfile, SearchKey
from customers.services.profiles import count_frequent
from ordinavo.kernel.copies import copy_in
from ordinavo.kernel.lean import link
from ordinavo.tenants.models import Tenant

_STEP = 2_000
_COLUMNS = ("tenant_id", "key", "customer_id", "location_id")
_Row = tuple[int, int, int, int | None]


def key_new(*, tenant: Tenant, customers: Iterable[Customer], locations: Iterable[Location]) -> None:
    """Write the keys of records that were just stored: one statement, none if the tenant keeps no keys."""
    if tenant.keeps_search_keys:
        _write([*_of_customers(customers), *_of_locations(locations)])


def key_changed(
    *, tenant: Tenant, customer_ids: Collection[int] = (), location_ids: Collection[int] = ()
) -> None:
    """Write the keys of changed records anew; a customer's name is part of the keys of its locations."""
    if not tenant.keeps_search_keys or not (customer_ids or location_ids):
        return
    customers = Customer.objects.filter(tenant=tenant).in_bulk(customer_ids)
    meant = Q(customer__in=customer_ids) | Q(pk__in=location_ids)
    locations = list(Location.objects.filter(meant, tenant=tenant))
    owners = {location.customer_id for location in locations}
    others = Customer.objects.filter(tenant=tenant).in_bulk(owners - customers.keys())
    for location in locations:
        link(location, "customer", customers.get(location.customer_id) or others[location.customer_id])
    SearchKey.objects.filter(
        Q(customer__in=customer_ids) | Q(customer__in=owners, location__in=location_ids), tenant=tenant
    ).delete()
    _write([*_of_customers(customers.values()), *_of_locations(locations)])


def key_record(record: Customer | Location | Contact) -> None:
    """Write the keys of one record anew that was created or changed by hand."""
    if isinstance(record, Customer):
        key_changed(tenant=record.tenant, customer_ids=[record.pk])
    elif isinstance(record, Location):
        key_changed(tenant=record.tenant, location_ids=[record.pk])


@transaction.atomic
def build_search_keys(*, tenant: Tenant, most: int = _STEP) -> bool:
    """Write the keys of the next customers of a tenant; return whether all are written. Harmless to repeat.

    From the first step on imports keep the keys of what they write. A step is one short transaction.
    """
    MatchingProfile.objects.get_or_create(tenant=tenant)
    profile = MatchingProfile.objects.select_for_update().get(tenant=tenant)
    if profile.ready_at is not None:
        tenant.keeps_search_keys = True
        return True
    if not tenant.keeps_search_keys:
        Tenant.objects.filter(pk=tenant.pk).update(keeps_search_keys=True)
        tenant.keeps_search_keys = True
    rows = Customer.objects.filter(tenant=tenant, pk__gt=profile.keyed_to).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    key_changed(tenant=tenant, customer_ids=ids)
    profile.keyed_to = ids[-1] if ids else profile.keyed_to
    if len(ids) < most:
        profile.ready_at = timezone.now()
        count_frequent(profile)
    profile.save()
    return profile.ready_at is not None


def _of_customers(customers: Iterable[Customer]) -> Iterator[_Row]:
    for customer in customers:
        for key in customer_keys(read_name(customer.name), customer.email_key):
            yield customer.tenant_id, key, customer.pk, None


def _of_locations(locations: Iterable[Location]) -> Iterator[_Row]:
    for location in locations:
        customer = location.customer
        for key in site_keys(read_name(customer.name), address_of(vars(location))):
            yield customer.tenant_id, key, customer.pk, location.pk


def _write(rows: Sequence[_Row]) -> None:
    if rows:
        copy_in(SearchKey._meta.db_table, _COLUMNS, rows)
