"""What managers taught us is read for a set of records, with a fixed number of statements."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from customers.models import Alias, RefusedPair
from customers.selectors.knowledge import NOTHING, alias_names, load_knowledge
from integrations.models import SourceSystem
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.customers.rows import customer, location

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp_system(tenant: Tenant) -> SourceSystem:
    return factories.source_system(tenant)


def refuse(system: SourceSystem, key: str, record_id: int, *, kind: str = "customer") -> RefusedPair:
    return RefusedPair.objects.create(
        tenant=system.tenant, source_system=system, kind=kind, record_key=key, record_id=record_id
    )


def test_names_and_keys_are_looked_up_with_two_statements(
    erp_system: SourceSystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tenant = erp_system.tenant
    one = customer(tenant, name="Rhein-Ruhr Medical Supply GmbH")
    site = location(one, name="Werk 1")
    Alias.objects.create(tenant=tenant, customer=one, name="RR Medical", name_key="rr medical")
    Alias.objects.create(tenant=tenant, location=site, name="RR Medical", name_key="rr medical")
    refuse(erp_system, "C-1", 7)
    refuse(erp_system, "C-1", 8)
    refuse(erp_system, "L-1", 9, kind="location")

    with django_assert_num_queries(2):
        known = load_knowledge(
            source_system=erp_system,
            names=[("customer", "rr medical"), ("customer", "unknown")],
            keys=[("customer", "C-1"), ("customer", "C-2"), ("location", "L-1")],
        )

    assert known.called == {("customer", "rr medical"): {one.pk}}
    assert known.refused == {("customer", "C-1"): {7, 8}, ("location", "L-1"): {9}}
    assert known.is_refused(("customer", "C-1"), 7)
    assert not known.is_refused(("customer", "C-1"), 9)
    assert not known.is_refused(("location", "C-1"), 7)


def test_nothing_is_asked_where_nothing_is_looked_for(
    erp_system: SourceSystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert load_knowledge(source_system=erp_system, names=[], keys=[]) == NOTHING
        assert alias_names(tenant=erp_system.tenant, ids={}) == {}


def test_aliases_of_records_come_with_one_statement(
    tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = customer(tenant, name="A"), customer(tenant, name="B")
    for name in ("Zett", "Alpha"):
        Alias.objects.create(tenant=tenant, customer=one, name=name, name_key=name.lower())

    with django_assert_num_queries(1):
        names = alias_names(tenant=tenant, ids={"customer": [one.pk, other.pk], "location": []})

    assert names == {("customer", one.pk): ["Alpha", "Zett"]}


def test_another_tenant_and_another_source_system_teach_us_nothing(erp_system: SourceSystem) -> None:
    stranger = factories.source_system(factories.tenant())
    Alias.objects.create(tenant=stranger.tenant, customer=customer(stranger.tenant), name="RR", name_key="rr")
    refuse(stranger, "C-1", 7)
    refuse(factories.source_system(erp_system.tenant, "crm"), "C-1", 7)

    known = load_knowledge(source_system=erp_system, names=[("customer", "rr")], keys=[("customer", "C-1")])

    assert known == NOTHING


def test_an_alias_is_of_one_record_and_kept_once(tenant: Tenant) -> None:
    one = customer(tenant)
    said = {"tenant": tenant, "name": "RR", "name_key": "rr"}
    Alias.objects.create(**said, customer=one)
    with pytest.raises(IntegrityError, match="alias_is_kept_once_per_customer"), transaction.atomic():
        Alias.objects.create(**said, customer=one)
    with pytest.raises(IntegrityError, match="alias_is_of_one_record"), transaction.atomic():
        Alias.objects.create(**said)
    assert Alias.objects.count() == 1
