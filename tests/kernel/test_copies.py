"""Rows that are copied because they are many are what a few inserted ones are."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import TimelineEntry
from integrations.models import IntegrationClient
from ordinavo.kernel.copies import copy_in, draw_ids
from ordinavo.kernel.sets import copy_rows, insert_instances
from ordinavo.tenants.models import Tenant
from targets.models import Target
from tests.kernel.test_sets import FULL, NASTY

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 60


def _targets(client: IntegrationClient, number: int, **fields: Any) -> list[Target]:
    shared = {"tenant": client.tenant, "source_system": client.source_system, **fields}
    return [Target(external_id=f"{number}-{n}", **{"title": "Visit", **shared}) for n in range(number)]


def _stored(target: Target) -> dict[str, Any]:
    values: dict[str, Any] = dict(Target.objects.values().get(pk=target.pk))
    return {name: values[name] for name in values.keys() - {"id", "external_id", "created_at", "updated_at"}}


@pytest.mark.parametrize("fields", [FULL, {}])
def test_many_instances_are_stored_as_a_few_are(erp: IntegrationClient, fields: dict[str, Any]) -> None:
    few, many = _targets(erp, FEW, **fields), _targets(erp, MANY, **fields)
    insert_instances(few)
    insert_instances(many, many=True)
    assert [_stored(target) for target in many] == [_stored(few[0])] * MANY
    assert not any(target._state.adding for target in many)


def test_many_instances_get_their_own_ids_in_order(erp: IntegrationClient) -> None:
    many = _targets(erp, MANY)
    insert_instances(many, many=True)
    stored = dict(Target.objects.values_list("external_id", "id"))
    assert {target.external_id: target.pk for target in many} == stored
    assert [target.pk for target in many] == sorted(stored.values())


def test_ids_that_were_drawn_are_not_given_to_anybody_else(erp: IntegrationClient) -> None:
    drawn = draw_ids(Target, 3)
    few = _targets(erp, FEW)
    insert_instances(few)
    assert len({*drawn, *(target.pk for target in few)}) == 5


def test_many_instances_cost_the_same_statements_however_many(erp: IntegrationClient) -> None:
    def cost(number: int) -> int:
        targets = _targets(erp, number)
        with CaptureQueriesContext(connection) as captured:
            insert_instances(targets, many=True)
        return len(captured)

    assert cost(1) == cost(MANY) == cost(MANY * 5) == 2


def test_json_columns_of_many_rows_are_stored_as_json(tenant: Tenant) -> None:
    said = {"tenant_id": tenant.pk, "subject_type": "a.b", "action": "done", "correlation_id": ""}
    details = {"text": NASTY, "list": [1, None, {"a": True}]}
    rows = [
        {**said, "subject_id": n, "details": details, "created_at": "2026-07-01T08:00:00+00:00"}
        for n in range(MANY)
    ]
    copy_rows(TimelineEntry, rows)
    assert list(TimelineEntry.objects.order_by("id").values_list("subject_id", flat=True)) == list(
        range(MANY)
    )
    assert all(entry.details == details for entry in TimelineEntry.objects.all())


def test_a_row_that_the_database_refuses_refuses_all_that_are_copied(erp: IntegrationClient) -> None:
    targets = _targets(erp, MANY)
    targets[-1].external_id = targets[0].external_id
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_instances(targets, many=True)
    assert not Target.objects.exists()


def test_a_value_that_the_database_refuses_is_a_fault_of_the_data(tenant: Tenant) -> None:
    with pytest.raises(DataError), transaction.atomic():
        copy_in("tenants_tenant", ["slug", "name"], [("x" * 1000, "Too long")])
    assert Tenant.objects.count() == 1
