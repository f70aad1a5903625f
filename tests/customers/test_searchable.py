"""Customers become and stay searchable: in steps, by command, by beat, and when staff change them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer, Location, MatchingProfile, SearchKey
from customers.services.refreshing import refresh_matching
from customers.services.search_keys import build_search_keys, key_record
from customers.tasks import make_searchable, refresh_all_matching
from integrations.models import IntegrationClient
from ordinavo.tenants.models import AuditEntry, Tenant
from targets.imports.models import ImportItem, ImportJob
from tests import factories
from tests.customers import rows

pytestmark = pytest.mark.django_db

BY_NAME = "ExternalIdThenNameAndAddress"


@pytest.fixture
def tenant() -> Tenant:
    return factories.tenant()


def _known(tenant: Tenant, name: str = "Rhein Ruhr Medical", **place: str) -> Location:
    where = {"street": "Hauptstr. 1", "postal_code": "45130", "city": "Essen", **place}
    return rows.location(rows.customer(tenant, name=name, email="info@rrm.example"), **where)


def _keys(tenant: Tenant) -> set[tuple[int, int, int | None]]:
    return set(SearchKey.objects.filter(tenant=tenant).values_list("key", "customer_id", "location_id"))


def test_keys_are_written_in_steps_and_only_once(tenant: Tenant) -> None:
    for number in range(5):
        _known(tenant, f"Customer {number}")
    assert not build_search_keys(tenant=tenant, most=3)
    assert MatchingProfile.objects.get().ready_at is None
    assert build_search_keys(tenant=tenant, most=3)
    first = _keys(tenant)
    assert {customer for _, customer, _ in first} == set(Customer.objects.values_list("pk", flat=True))
    assert build_search_keys(tenant=tenant, most=3)
    assert SearchKey.objects.count() == len(first)


def test_beat_makes_those_searchable_whose_clients_want_it(tenant: Tenant) -> None:
    factories.client(tenant, mapping_strategy=BY_NAME)
    other = factories.tenant()
    factories.client(other)
    _known(tenant)
    _known(other)
    make_searchable()
    tenant.refresh_from_db()
    other.refresh_from_db()
    assert (tenant.keeps_search_keys, other.keeps_search_keys) == (True, False)
    assert _keys(tenant)
    assert not _keys(other)


def test_changes_by_hand_move_the_keys(tenant: Tenant) -> None:
    place = _known(tenant)
    build_search_keys(tenant=tenant)
    before = _keys(tenant)
    place.street = "Ostring 9"
    place.save()
    key_record(place)
    moved = _keys(tenant)
    assert before - moved
    assert moved - before
    place.customer.name = "Nordlicht Kältetechnik"
    place.customer.save()
    key_record(place.customer)
    assert not moved & {key for key in _keys(tenant) if key[2] is None and key not in moved}


def test_the_night_mends_what_was_missed_and_forgets_who_is_gone(tenant: Tenant) -> None:
    place = _known(tenant)
    gone = _known(tenant, "Gone")
    build_search_keys(tenant=tenant)
    Customer.objects.filter(pk=place.customer_id).update(name="Nordlicht")
    before = _keys(tenant)
    gone.delete()
    gone.customer.delete()
    refresh_all_matching()
    assert _keys(tenant) != before
    assert not SearchKey.objects.filter(customer=gone.customer_id).exists()
    profile = MatchingProfile.objects.get(tenant=tenant)
    assert (profile.customers, profile.sites) == (1, 1)


def test_nothing_is_refreshed_before_it_is_ready(tenant: Tenant) -> None:
    refresh_matching(tenant=tenant)
    assert not MatchingProfile.objects.exists()


def test_frequent_words_and_shared_houses_are_counted(tenant: Tenant) -> None:
    for number in range(4):
        _known(tenant, f"Müller Bau {number}x GmbH")
    build_search_keys(tenant=tenant)
    profile = MatchingProfile.objects.get(tenant=tenant)
    assert profile.counts["word"] == {"muller": 4, "bau": 4}
    assert profile.counts["city"] == {"essen": 4}
    assert profile.neighbours == pytest.approx(3.0)


def test_a_command_makes_a_tenant_searchable(tenant: Tenant) -> None:
    _known(tenant)
    for _ in range(2):
        told = StringIO()
        call_command("make_searchable", tenant=tenant.slug, json=True, stdout=told)
        assert json.loads(told.getvalue()) == {"tenant": tenant.slug, "customers": 1, "sites": 1}


def test_weights_are_estimated_from_imports_and_adopted_when_asked(tenant: Tenant) -> None:
    _imported(factories.client(tenant), 101)
    build_search_keys(tenant=tenant)
    told = StringIO()
    call_command("estimate_matching_weights", tenant=tenant.slug, adopt=True, json=True, stdout=told)
    answer = json.loads(told.getvalue())
    assert (answer["pairs"], answer["adopted"]) == (101, True)
    weights = MatchingProfile.objects.get(tenant=tenant).weights
    assert weights == answer["weights"]
    # All strangers share street, postcode and city here, so these tell less of who it is.
    assert weights["city_in_postcode"]["exact"]["u"] > 0.6
    assert weights["number"]["exact"]["m"] > 0.93
    assert AuditEntry.objects.filter(action="matching_weights.adopted").count() == 1
    call_command("estimate_matching_weights", tenant=tenant.slug, shipped=True, stdout=StringIO())
    assert MatchingProfile.objects.get(tenant=tenant).weights is None


def test_few_pairs_are_not_enough_for_weights(tenant: Tenant) -> None:
    with pytest.raises(CommandError, match="No client of the tenant"):
        call_command("estimate_matching_weights", tenant=tenant.slug)
    build_search_keys(tenant=tenant)
    with pytest.raises(CommandError, match="There are 0 pairs"):
        call_command("estimate_matching_weights", tenant=tenant.slug)


def _imported(erp: IntegrationClient, count: int) -> None:
    """Items of one job that were mapped to customers in one street, each at a number of its own."""
    job = ImportJob.objects.create(
        tenant=erp.tenant,
        client=erp,
        source_system=erp.source_system,
        kind=ImportJob.Kind.BATCH,
        correlation_id="c",
        request_id="r",
        total_items=count,
        created_items=count,
        created_at=erp.created_at,
    )
    items = []
    for number in range(count):
        place = _known(erp.tenant, f"Firma Nr{number}", street=f"Hauptstr. {number + 1}")
        sent = {"street": place.street, "postalCode": "45130", "city": "Essen"}
        items.append(
            ImportItem(
                tenant=erp.tenant,
                job=job,
                index=number,
                place=number,
                payload={"customer": {"name": place.customer.name}, "location": sent},
                mapping_status="Mapped",
                mapping={"customerId": place.customer_id, "customerLocationId": place.pk},
                status=ImportItem.Status.IMPORTED,
                result=ImportItem.Result.CREATED,
            )
        )
    ImportItem.objects.bulk_create(items)
