"""Several statements in one round trip."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ordinavo.kernel.rows import among, ask_rows, read_rows
from ordinavo.kernel.trips import one_trip
from ordinavo.tenants.models import Tenant
from tests import factories

pytestmark = pytest.mark.django_db


def test_answers_come_after_the_block_each_to_its_own_question() -> None:
    first, second = factories.tenant(), factories.tenant()
    with one_trip():
        one = ask_rows(Tenant, "WHERE id = %s", [first.pk])
        other = ask_rows(Tenant, "WHERE id = %s", [second.pk])
    assert (other(), one()) == ([second], [first])


def test_statements_of_a_trip_are_told_one_by_one() -> None:
    tenant = factories.tenant()
    with CaptureQueriesContext(connection) as captured, one_trip():
        ask_rows(Tenant, "WHERE id = %s", [tenant.pk])
        ask_rows(Tenant, "WHERE slug = %s", [tenant.slug])
    assert len(captured) == 2


def test_each_statement_sees_what_the_one_before_has_done(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        with one_trip():
            cursor.execute("UPDATE tenants_tenant SET name = 'Changed' WHERE id = %s", [tenant.pk])
            found = ask_rows(Tenant, "WHERE id = %s", [tenant.pk])
        assert [row.name for row in found()] == ["Changed"]


def _fail_then_rename(tenant: Tenant) -> None:
    with transaction.atomic(), connection.cursor() as cursor, one_trip():
        cursor.execute("SELECT 1 / 0")
        cursor.execute("UPDATE tenants_tenant SET name = 'Changed' WHERE id = %s", [tenant.pk])


def test_a_fault_is_raised_at_the_end_and_nothing_runs_behind_it(tenant: Tenant) -> None:
    with pytest.raises(DataError):
        _fail_then_rename(tenant)
    tenant.refresh_from_db()
    assert tenant.name != "Changed"
    assert read_rows(Tenant, "WHERE id = %s", [tenant.pk]) == [tenant]


def test_one_value_is_compared_and_many_are_looked_up_in_order() -> None:
    assert among("id", {7}) == ("id = %s", 7)
    assert among("id", {9, 7, 8}) == ("id = ANY(%s)", [7, 8, 9])
    assert among("id", set()) == ("id = ANY(%s)", [])
