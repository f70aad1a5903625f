import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from customers.models import Customer, ExternalReference
from integrations.models import ApiKey, IntegrationClient
from integrations.scopes import Scope
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import Membership, Tenant, User
from targets.models import TargetTemplate
from targets.visits.models import Employee, WorkingHours
from tests import factories
from tests.api import BASE

EXAMPLES = {"Rhein-Ruhr Medical Supply", "Berg Retail Group"}


@pytest.fixture(autouse=True)
def _roles(db: None) -> None:
    sync_roles()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "credentials.json"


def seed(path: Path | None = None, capsys: Any = None, **options: Any) -> dict[str, Any]:
    arguments = ["--credentials", str(path)] if path else []
    call_command("seed_demo", *arguments, "--json", **options)
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def everything() -> dict[str, list[Any]]:
    models = (
        Tenant,
        User,
        Membership,
        IntegrationClient,
        ApiKey,
        TargetTemplate,
        Customer,
        ExternalReference,
        Employee,
        WorkingHours,
    )
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def test_the_demo_holds_a_tenant_with_twin_people_clients_templates_and_customers(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(path, capsys)

    demo = Tenant.objects.get(slug="demo")
    assert (demo.name, demo.time_zone, demo.country, demo.currency) == (
        "Demo Field Services",
        "Europe/Berlin",
        "DE",
        "EUR",
    )
    assert demo.twin.slug == "demo-test"
    live, test = IntegrationClient.objects.order_by("tenant_id")
    assert (live.tenant, live.name, test.tenant) == (demo, "Logistics ERP", demo.twin)
    for client in (live, test):
        assert set(client.scopes) == {scope.value for scope in Scope}
        assert client.features == ["billing_webhooks"]
        assert (client.source_system.key, client.mapping_strategy) == ("logistics_erp", "ExternalIdFirst")
        assert all(getattr(client, switch) for switch in factories.ALL_SWITCHES)
    keys = {"delivery_stop", "maintenance_visit", "inspection"}
    assert set(TargetTemplate.objects.filter(tenant=demo).values_list("key", flat=True)) == keys
    assert set(TargetTemplate.objects.filter(tenant=demo.twin).values_list("key", flat=True)) == keys
    names = set(Customer.objects.values_list("name", flat=True))
    assert len(names) == 6
    assert names & EXAMPLES == set()
    for home in (demo, demo.twin):
        people = Employee.objects.filter(tenant=home)
        assert (people.count(), WorkingHours.objects.filter(employee__in=people).count()) == (5, 27)
    assert Employee.objects.get(user__email="employee@demo.example").tenant == demo


def test_every_login_of_the_file_opens_the_door_with_its_role(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(path, capsys)

    logins = json.loads(path.read_text())["logins"]
    assert {login["email"] for login in logins} >= {
        f"{name}@demo.example" for name in ("manager", "support", "employee", "admin", "operator")
    }
    for login in logins:
        user = authenticate(username=login["email"], password=login["password"])
        assert isinstance(user, User)
        if login["role"] == "operator":
            assert user.is_superuser
        else:
            assert (user.membership.role, user.is_superuser) == (login["role"], False)
            assert user.is_staff == (login["role"] != "employee")


def test_both_keys_of_the_file_work(path: Path, capsys: pytest.CaptureFixture[str], client: Any) -> None:
    seed(path, capsys)

    told = json.loads(path.read_text())
    assert (told["apiKey"][:9], told["testApiKey"][:9]) == ("fio_live_", "fio_test_")
    for secret, environment in ((told["apiKey"], "live"), (told["testApiKey"], "test")):
        answer = client.get(f"{BASE}/integration/health", headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code, answer.json()["environment"]) == (200, environment)


def test_the_file_is_for_its_owner_only(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed(path, capsys)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["credentials.json"]


def test_a_second_run_changes_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = seed(path, capsys)
    before, file = everything(), path.read_bytes()

    second = seed(path, capsys)

    assert (everything(), path.read_bytes()) == (before, file)
    assert (first["created"], first["credentialsRenewed"]) == (True, True)
    assert (second["created"], second["credentialsRenewed"]) == (False, False)
    assert second["apiKey"] == first["apiKey"]


@pytest.mark.parametrize("damage", ["missing", "broken", "revoked"])
def test_lost_credentials_are_renewed_and_the_former_keys_closed(
    damage: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = seed(path, capsys)
    if damage == "missing":
        path.unlink()
    elif damage == "broken":
        path.write_text("{")
    else:
        ApiKey.objects.filter(client__name="Logistics ERP").delete()

    second = seed(path, capsys)

    assert (second["created"], second["credentialsRenewed"]) == (False, True)
    assert second["apiKey"] != first["apiKey"]
    assert json.loads(path.read_text())["apiKey"] == second["apiKey"]
    assert ApiKey.objects.working().count() == 2
    login = second["logins"][0]
    assert authenticate(username=login["email"], password=login["password"]) is not None
    assert authenticate(username=login["email"], password=first["logins"][0]["password"]) is None


def test_keys_that_people_issued_themselves_survive_a_renewal(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(path, capsys)
    own, _ = factories.key(IntegrationClient.objects.get(name="Logistics ERP"), label="Mine")
    path.unlink()

    seed(path, capsys)

    assert own in ApiKey.objects.working()


def test_a_database_with_other_tenants_is_left_alone(path: Path, tenant: Tenant) -> None:
    with pytest.raises(CommandError, match="other tenants"):
        call_command("seed_demo", "--credentials", str(path))

    assert list(Tenant.objects.all()) == [tenant]
    assert not path.exists()


def test_a_tenant_that_was_made_beside_the_demo_is_no_obstacle(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(path, capsys)
    factories.tenant(slug="mine")

    assert seed(path, capsys)["created"] is False


def test_force_seeds_beside_other_tenants(
    path: Path, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seed(path, capsys, force=True)["created"] is True
    assert Tenant.objects.filter(pk=tenant.pk).exists()


def test_without_a_file_the_first_run_tells_what_it_made_and_later_ones_keep_still(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("seed_demo")
    first = capsys.readouterr().out
    before = everything()
    call_command("seed_demo")
    second = capsys.readouterr().out

    assert "manager@demo.example" in first
    assert "fio_live_" in first
    assert "fio_live_" not in second
    assert everything() == before


def test_the_words_of_the_demo_are_findable_as_an_import_would_look_for_them(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(path, capsys)

    baker = Customer.objects.get(number="K-10017")
    assert (baker.name_key, baker.phone_key) == ("bäckerei hollmann gmbh", "+492015550117")
    assert baker.references.get().external_id == "ERP-CUST-10017"
    assert {place.latitude is not None for place in baker.locations.all()} == {True}
