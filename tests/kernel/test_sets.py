"""Rows written with one statement are what the ORM would have written one by one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer
from integrations.models import IntegrationClient, SourceSystem
from ordinavo.kernel.lean import new_row
from ordinavo.kernel.sets import (
    draw_id,
    insert_each,
    insert_instances,
    insert_rows,
    update_instances,
    update_rows,
)
from ordinavo.tenants.models import Tenant
from targets.models import Target, TargetTemplate

pytestmark = pytest.mark.django_db

NASTY = "ä \"quoted\" \\back\\ \n\t {curly} 'single' %s null \u2028 😀"
FULL: dict[str, Any] = {
    "title": NASTY[:200],
    "description": NASTY,
    "priority": "High",
    "estimated_work_minutes": 45,
    "due_date": date(2026, 7, 1),
    "time_window_start": datetime(2026, 7, 1, 8, 0, 0, 123456, tzinfo=UTC),
    "time_window_end": datetime(2026, 7, 1, 12, tzinfo=UTC),
    "fixed_time": True,
    "latitude": 51.123456789012345,
    "longitude": -7.000000001,
    "expected_revenue": Decimal("123456789012.34"),
    "close_probability": 99.5,
    "custom_fields": {"z": NASTY, "a": None, "n": 1.0, "i": 10**15, "t": True},
    "mapping": None,
    "customer_text": {"name": NASTY},
    "place": 2**62,
}


def _target(client: IntegrationClient, external_id: str | None, **fields: Any) -> Target:
    return Target(
        tenant=client.tenant,
        source_system=client.source_system,
        external_id=external_id,
        **{"title": "Visit", **fields},
    )


def _values(target: Target) -> dict[str, Any]:
    values: dict[str, Any] = dict(Target.objects.values().get(pk=target.pk))
    return {name: values[name] for name in values if name not in {"id", "created_at", "updated_at"}}


def test_inserted_instances_are_what_saving_them_would_have_made(erp: IntegrationClient) -> None:
    sets, saved = _target(erp, "a", **FULL), _target(erp, "b", **FULL)
    insert_instances([sets])
    saved.save()
    assert _values(sets) | {"external_id": "b"} == _values(saved)
    assert list(_values(sets)["custom_fields"]) == ["z", "a", "n", "i", "t"]


def test_many_instances_cost_one_statement_and_get_their_ids_in_order(erp: IntegrationClient) -> None:
    targets = [_target(erp, f"T-{number}") for number in range(300)]
    with CaptureQueriesContext(connection) as captured:
        insert_instances(targets)
    assert len(captured) == 1
    stored = dict(Target.objects.values_list("external_id", "id"))
    assert {target.external_id: target.pk for target in targets} == stored
    assert not any(target._state.adding for target in targets)


def test_times_of_creation_and_change_are_set_once_for_all(erp: IntegrationClient) -> None:
    targets = [_target(erp, "a"), _target(erp, "b")]
    insert_instances(targets)
    rows = Target.objects.values_list("created_at", "updated_at")
    assert len({moment for row in rows for moment in row}) == 1
    targets[0].refresh_from_db()
    created, changed = targets[0].created_at, targets[0].updated_at
    update_instances([targets[0]], ["title"])
    targets[0].refresh_from_db()
    assert targets[0].created_at == created
    assert targets[0].updated_at > changed


def test_links_to_rows_that_got_their_ids_just_now_are_kept(tenant: Tenant) -> None:
    customer = Customer(tenant=tenant, name="A")
    contacts = [Contact(tenant=tenant, customer=customer, display_name=name) for name in ("B", "C")]
    insert_instances([customer])
    insert_instances(contacts)
    assert set(Contact.objects.values_list("customer", flat=True)) == {customer.pk}


def test_only_the_named_fields_are_updated_and_only_of_these_rows(erp: IntegrationClient) -> None:
    targets = [_target(erp, f"T-{number}", description="old") for number in range(3)]
    insert_instances(targets)
    for target in targets:
        target.title, target.description = f"New {target.external_id}", "new"
    with CaptureQueriesContext(connection) as captured:
        update_instances(targets[:2], ["title"])
    assert len(captured) == 1
    rows = Target.objects.order_by("external_id").values_list("title", "description")
    assert list(rows) == [("New T-0", "old"), ("New T-1", "old"), ("Visit", "old")]


def test_values_can_be_cleared(erp: IntegrationClient) -> None:
    target = _target(erp, "a", **FULL)
    insert_instances([target])
    cleared: dict[str, Any] = {
        **dict.fromkeys(("priority", "due_date", "time_window_start", "expected_revenue", "latitude")),
        "longitude": None,
        "customer_text": None,
        "custom_fields": {},
    }
    for name, value in cleared.items():
        setattr(target, name, value)
    update_instances([target], cleared)
    assert {name: _values(target)[name] for name in cleared} == cleared


def test_rows_are_inserted_and_updated_by_the_names_of_columns(tenant: Tenant) -> None:
    said = {"name": NASTY, "description": "", "default_priority": "", "skills": ["gas"], "active": True}
    rows = [{"tenant_id": tenant.pk, "key": key, **said} for key in ("a", "b")]
    ids = insert_rows(TargetTemplate, rows)
    assert list(TargetTemplate.objects.order_by("key").values_list("id", "key", "name")) == [
        (ids[0], "a", NASTY),
        (ids[1], "b", NASTY),
    ]
    update_rows(TargetTemplate, [{"id": ids[1], "active": False, "default_estimated_work_minutes": 5}])
    states = TargetTemplate.objects.order_by("key").values_list("active", "default_estimated_work_minutes")
    assert list(states) == [(True, None), (False, 5)]


def test_sets_travel_together_when_what_they_are_linked_to_has_drawn_its_id(tenant: Tenant) -> None:
    pk = draw_id(SourceSystem)
    columns = {"id": pk, "key": "erp", "name": "ERP"}
    source_system = new_row(SourceSystem, columns, tenant=tenant)
    targets = [new_row(Target, {"title": "A"}, tenant=tenant, source_system=source_system) for _ in "ab"]
    insert_each([source_system], targets)
    assert SourceSystem.objects.get() == source_system
    assert source_system.pk == pk
    stored = Target.objects.order_by("id").values_list("id", "source_system_id")
    assert list(stored) == [(target.pk, pk) for target in targets]
    assert not any(row._state.adding for row in [source_system, *targets])
    assert draw_id(SourceSystem) == pk + 1


def test_a_row_that_the_database_refuses_refuses_the_set(erp: IntegrationClient) -> None:
    with pytest.raises(IntegrityError):
        insert_instances([_target(erp, "a"), _target(erp, "a")])


def test_what_has_no_place_in_a_column_is_refused_before_the_database_sees_it(tenant: Tenant) -> None:
    with CaptureQueriesContext(connection) as captured, pytest.raises(TypeError, match="object"):
        insert_rows(TargetTemplate, [{"tenant_id": tenant.pk, "key": object()}])
    assert len(captured) == 0
