import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import IntegrationClient
from targets.models import Target, TargetTemplate
from targets.selectors import active_templates, lock_targets, templates_by_key
from tests import factories

pytestmark = pytest.mark.django_db


def _target(client: IntegrationClient, external_id: str | None) -> Target:
    return Target.objects.create(
        tenant=client.tenant, source_system=client.source_system, external_id=external_id, title="Visit"
    )


def test_targets_are_locked_in_order_with_one_statement_that_locks_nothing_else(
    erp: IntegrationClient,
) -> None:
    rows = {name: _target(erp, name) for name in ("b", "a", "c")}
    _target(erp, None)
    with CaptureQueriesContext(connection) as captured:
        found = lock_targets(erp.source_system, {"c", "a", "nobody"})
    assert list(found.items()) == [("a", rows["a"]), ("c", rows["c"])]
    assert len(captured) == 1
    assert captured[0]["sql"].endswith("FOR UPDATE")
    assert "JOIN" not in captured[0]["sql"]


def test_another_source_systems_targets_are_not_locked(erp: IntegrationClient) -> None:
    _target(factories.client(erp.tenant, source="crm"), "a")
    _target(factories.client(factories.tenant()), "a")
    assert lock_targets(erp.source_system, {"a"}) == {}


def test_only_the_tenants_active_templates_are_known(erp: IntegrationClient) -> None:
    stop = TargetTemplate.objects.create(tenant=erp.tenant, key="stop", name="Stop")
    TargetTemplate.objects.create(tenant=erp.tenant, key="old", name="Old", active=False)
    TargetTemplate.objects.create(tenant=factories.tenant(), key="foreign", name="Foreign")
    assert list(active_templates(erp.tenant)) == [stop]
    assert templates_by_key(erp.tenant, {"stop", "old", "foreign"}) == {"stop": stop}


def test_no_keys_cost_no_statement(erp: IntegrationClient) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert templates_by_key(erp.tenant, set()) == {}
    assert len(captured) == 0
