"""Rows that are read without the ORM are the rows that the ORM reads."""

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations.models import ApiKey, IntegrationClient, SourceSystem
from ordinavo.kernel.rows import read_each, read_joined, read_rows
from ordinavo.tenants.models import Tenant
from targets.models import Target
from tests import factories

pytestmark = pytest.mark.django_db


def _target(tenant: Tenant, external_id: str) -> Target:
    return Target.objects.create(
        tenant=tenant,
        source_system=factories.source_system(tenant),
        external_id=external_id,
        title="Visit",
        custom_fields={"b": 1.0, "a": True},
        expected_revenue="12.50",
        latitude=51.5,
        longitude=7.0,
        due_at="2026-07-01T08:00:00Z",
    )


def test_a_row_holds_what_the_orm_reads(tenant: Tenant) -> None:
    stored = Target.objects.get(pk=_target(tenant, "A").pk)
    (row,) = read_rows(Target, "WHERE tenant_id = %s", [tenant.pk])
    names = {field.attname for field in Target._meta.concrete_fields} - {"created_at", "updated_at"}
    assert {name: row.__dict__[name] for name in names} == {name: getattr(stored, name) for name in names}
    assert row == stored
    assert not row._state.adding


def test_the_time_of_writing_is_read_when_it_is_asked_for(tenant: Tenant) -> None:
    stored = Target.objects.get(pk=_target(tenant, "A").pk)
    (row,) = read_rows(Target, "WHERE tenant_id = %s", [tenant.pk])
    assert "updated_at" not in row.__dict__
    assert row.updated_at == stored.updated_at


def test_rows_come_in_the_order_that_was_asked_for(tenant: Tenant) -> None:
    for external_id in ("B", "C", "A"):
        _target(tenant, external_id)
    rows = read_rows(Target, "WHERE tenant_id = %s ORDER BY external_id", [tenant.pk])
    assert [row.external_id for row in rows] == ["A", "B", "C"]


def test_joined_rows_come_as_one_tuple(erp: IntegrationClient) -> None:
    key, _ = factories.key(erp)
    rest = (
        "integrations_apikey AS k JOIN integrations_integrationclient AS c ON c.id = k.client_id"
        " JOIN integrations_sourcesystem AS s ON s.id = c.source_system_id WHERE k.id = %s"
    )
    tables = {"k": ApiKey, "c": IntegrationClient, "s": SourceSystem}
    assert read_joined(tables, rest, [key.pk]) == [(key, erp, erp.source_system)]


def test_nothing_found_is_an_empty_list(tenant: Tenant) -> None:
    assert read_rows(Target, "WHERE tenant_id = %s", [tenant.pk]) == []


def test_many_questions_are_answered_in_order(tenant: Tenant) -> None:
    target = _target(tenant, "A")
    questions = [(Tenant, "WHERE id = %s", [tenant.pk]), (Target, "WHERE id = %s", [target.pk])]
    assert read_each(*questions) == [[tenant], [target]]
    assert read_each(questions[1]) == [[target]]


def test_no_question_costs_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert read_each() == []
