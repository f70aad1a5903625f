import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from ordinavo.desk.roles import declared_permissions, sync_roles
from ordinavo.tenants.models import Role, User
from tests.admin.conftest import LogIn, Rows
from tests.admin.world import path_of, registered

VIEW = {
    Role.ADMIN: {model.__name__ for model in registered()} - {"Tenant"},
    Role.MANAGER: {model.__name__ for model in registered()} - {"Tenant"},
    Role.DISPATCHER: {
        "Customer",
        "Location",
        "Contact",
        "ExternalReference",
        "Target",
        "CityAlias",
        "TargetTemplate",
        "ImportJob",
        "ImportItem",
        "Employee",
        "Appointment",
        "VisitReport",
        "RouteSuggestion",
    },
    Role.SUPPORT: {model.__name__ for model in registered()} - {"Tenant"},
}
ADD = {
    Role.ADMIN: {
        "CityAlias",
        "User",
        "Subscription",
        "SourceSystem",
        "IntegrationClient",
        "Customer",
        "Location",
        "Contact",
        "TargetTemplate",
        "Employee",
        "RouteSuggestion",
    },
    Role.MANAGER: {
        "CityAlias",
        "Customer",
        "Location",
        "Contact",
        "TargetTemplate",
        "Employee",
        "RouteSuggestion",
    },
    Role.DISPATCHER: {"RouteSuggestion"},
    Role.SUPPORT: set(),
}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.DISPATCHER, Role.SUPPORT])
def test_each_role_sees_and_adds_what_it_should(role: Role, ours: Rows, log_in: LogIn) -> None:
    browser = log_in(role)

    seen = {m.__name__ for m in registered() if browser.get(path_of(m, "changelist")).status_code == 200}
    added = {m.__name__ for m in registered() if browser.get(path_of(m, "add")).status_code == 200}

    assert seen == VIEW[role]
    assert added == ADD[role]


def test_employees_do_not_enter_the_admin(log_in: LogIn) -> None:
    answer = log_in(Role.EMPLOYEE).get("/admin/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")


def test_support_changes_nothing_and_sees_no_keys(ours: Rows, log_in: LogIn) -> None:
    browser = log_in(Role.SUPPORT)

    for model, row in ours.items():
        answer = browser.post(path_of(model, "change", row.pk), {})
        assert answer.status_code == 403, model
    client = next(row for model, row in ours.items() if model.__name__ == "IntegrationClient")
    assert "fio_live" not in browser.get(path_of(type(client), "change", client.pk)).content.decode()


def test_the_sidebar_holds_only_pages_that_open(ours: Rows, log_in: LogIn) -> None:
    browser = log_in(Role.DISPATCHER)

    groups = browser.get("/admin/").context["sidebar_navigation"]

    titles = {group["title"]: [item["title"] for item in group["items"]] for group in groups}
    assert titles == {
        "": ["Start", "Today's board"],
        "Work": [
            "Targets",
            "Routes",
            "Appointments",
            "Reports",
            "Import jobs",
            "Import items",
            "Templates",
        ],
        "Customers": ["Customers", "Locations", "Contacts", "External references", "City aliases"],
        "People": ["Employees"],
    }
    for group in groups:
        for item in group["items"]:
            assert browser.get(str(item["link"])).status_code == 200


def test_sync_takes_away_what_is_not_declared_and_gives_back_what_is() -> None:
    group = Group.objects.get(name="role:support")
    before = set(group.permissions.values_list("pk", flat=True))
    stray = Permission.objects.get(codename="delete_customer")
    group.permissions.set([stray])

    sync_roles()
    sync_roles()

    assert set(group.permissions.values_list("pk", flat=True)) == before
    assert Group.objects.filter(name__startswith="role:").count() == len(Role)


def test_no_role_may_touch_tenants_permissions_or_groups() -> None:
    every = set().union(*declared_permissions().values())

    assert {name for name in every if name.startswith(("auth.", "sessions.", "admin."))} == set()
    assert {name for name in every if "tenant" in name.split(".")[1]} == set()
    assert declared_permissions()[Role.EMPLOYEE] == set()


def test_the_command_tells_how_many_permissions_each_role_has(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_roles")

    assert "employee: 0 permissions" in capsys.readouterr().out


def test_people_who_were_switched_off_are_logged_out(log_in: LogIn) -> None:
    browser: Client = log_in()
    assert browser.get("/admin/").status_code == 200

    User.objects.update(is_active=False)

    assert browser.get("/admin/").status_code == 302
