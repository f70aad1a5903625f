import pytest

from integrations.models import (
    Environment,
    Feature,
    IntegrationClient,
    MappingFallback,
    MappingStrategy,
    SourceSystem,
)
from integrations.scopes import Scope
from integrations.services.clients import MappingSettings, create_client, create_source_system
from ordinavo.kernel.errors import ValidationFailed
from ordinavo.tenants.models import AuditEntry, Tenant
from tests import factories


def test_a_client_starts_with_everything_off(tenant: Tenant) -> None:
    client = create_client(tenant=tenant, name="ERP", source_system_key="erp", scopes=[])
    assert client.active
    assert client.mapping_strategy == MappingStrategy.EXTERNAL_ID_FIRST
    assert (client.scopes, client.features, client.ip_allowlist, client.mapping_fallbacks) == ([], [], [], [])
    assert not any(getattr(client, switch) for switch in factories.ALL_SWITCHES)


def test_a_client_gets_what_is_asked_for(tenant: Tenant) -> None:
    client = create_client(
        tenant=tenant,
        name="ERP",
        source_system_key="erp",
        scopes=[Scope.TARGETS_WRITE, Scope.HEALTH_READ, Scope.TARGETS_WRITE],
        mapping=MappingSettings(
            strategy=MappingStrategy.EXTERNAL_ID_ONLY,
            fallbacks=[MappingFallback.EMAIL],
            create=["customers", "contacts"],
            update=["locations"],
        ),
        ip_allowlist=["203.0.113.0/24", "2001:db8::/32", "203.0.113.0/24"],
        features=[Feature.BILLING_WEBHOOKS],
    )
    client.refresh_from_db()
    assert client.scopes == ["integration.health.read", "inbound.targets.write"]
    assert client.ip_allowlist == ["203.0.113.0/24", "2001:db8::/32"]
    assert client.features == ["billing_webhooks"]
    assert client.mapping_strategy == "ExternalIdOnly"
    assert client.mapping_fallbacks == ["email"]
    assert {switch for switch in factories.ALL_SWITCHES if getattr(client, switch)} == {
        "create_customers",
        "create_contacts",
        "update_locations",
    }


def test_a_source_system_is_shared_by_the_clients_of_a_tenant(tenant: Tenant) -> None:
    source = create_source_system(tenant=tenant, key="erp", name="Our ERP")
    first = create_client(tenant=tenant, name="A", source_system_key="erp", scopes=[])
    second = create_client(tenant=tenant, name="B", source_system_key="erp", scopes=[])
    assert first.source_system == second.source_system == source


def test_a_source_system_that_is_new_is_made(tenant: Tenant) -> None:
    factories.source_system(factories.tenant(), "erp")
    create_client(tenant=tenant, name="A", source_system_key="erp", scopes=[])
    assert SourceSystem.objects.filter(key="erp").count() == 2


def test_a_test_client_lives_in_the_twin(tenant: Tenant) -> None:
    twin = factories.twin(tenant)
    for home in (tenant, twin):
        client = create_client(
            tenant=home,
            name=f"For {home}",
            source_system_key="erp",
            scopes=[],
            environment=Environment.TEST,
        )
        assert client.tenant == client.source_system.tenant == twin
        assert client.environment == Environment.TEST


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "Taken"}, ""),
        ({"source_system_key": "Not good"}, "key"),
        ({"ip_allowlist": ["10.0.0.1/8"]}, "ip_allowlist"),
        ({"ip_allowlist": ["anywhere"]}, "ip_allowlist"),
        ({"features": ["magic"]}, "features"),
        ({"mapping": MappingSettings(create=["employees"])}, "mapping"),
        ({"environment": Environment.TEST}, "environment"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(
    tenant: Tenant, fields: dict[str, object], path: str
) -> None:
    factories.client(tenant, source="other", name="Taken")
    asked = {"name": "ERP", "source_system_key": "erp", "scopes": [], **fields}
    with pytest.raises(ValidationFailed) as refusal:
        create_client(tenant=tenant, **asked)  # type: ignore[arg-type]
    assert [detail.path for detail in refusal.value.details] == [path]
    assert IntegrationClient.objects.count() == 1
    assert not SourceSystem.objects.filter(key="erp").exists()


def test_a_twin_has_no_live_clients(tenant: Tenant) -> None:
    with pytest.raises(ValidationFailed):
        create_client(tenant=factories.twin(tenant), name="A", source_system_key="erp", scopes=[])


def test_what_was_made_is_written_down(tenant: Tenant) -> None:
    create_client(tenant=tenant, name="ERP", source_system_key="erp", scopes=[Scope.HEALTH_READ])
    assert list(AuditEntry.objects.order_by("id").values_list("tenant", "action", "details")) == [
        (tenant.id, "source_system.created", {"key": "erp"}),
        (tenant.id, "integration_client.created", {"name": "ERP", "scopes": ["integration.health.read"]}),
    ]
