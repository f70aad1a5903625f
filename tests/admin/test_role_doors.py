"""Every door of the admin, tried by everybody: who opens which one, and that the others change nothing."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.models import Role, Tenant, User
from ordinavo.tenants.services import second_factor
from ordinavo.tenants.services.members import add_member
from tests.admin.conftest import LogIn, Rows
from tests.admin.doors import READING, doors, walker
from tests.admin.world import path_of, registered

# What managers leave to administrators: people, systems with their keys, where data is sent.
ADMINISTRATORS = {
    "integrations.integrationclient:add",
    "integrations.integrationclient:change",
    "integrations.integrationclient:issue_key",
    "integrations.sourcesystem:add",
    "integrations.sourcesystem:change",
    "tenants.user:add",
    "tenants.user:change",
    "tenants.user:set_password",
    "webhooks.subscription:add",
    "webhooks.subscription:change",
    "webhooks.subscription:remove",
    "webhooks.subscription:rotate",
}
DISPATCHERS = {
    "routes.routesuggestion:add",
    "targets.target:change",
    "visits.appointment:reassign",
    "visits.appointment:selected reassign_all",
    "visits.employee:sign_out_everywhere",
}
SUPPORT = {"webhooks.delivery:resend", "webhooks.delivery:selected resend_selected"}


def opened(browser: Client, rows: Rows, tenant: Tenant) -> set[str]:
    """The doors through which somebody gets, and those through which they changed something all the same."""
    found = set()
    for name, path, extra in doors(rows, walker(tenant)):
        with transaction.atomic():
            with suppress(IntegrityError):
                answer = browser.post(path, extra)
                # An action that is not theirs is answered by the list itself.
                is_let_in = answer.status_code == 302 if "action" in extra else answer.status_code < 400
                if is_let_in or answer.headers.get("X-Test-Changed"):
                    found.add(name)
            transaction.set_rollback(True)
    return found - READING


@pytest.fixture
def by_admin(ours: Rows, operator: Client, tenant: Tenant, log_in: LogIn) -> set[str]:
    return opened(log_in(Role.ADMIN), ours, tenant)


def test_managers_do_all_but_what_is_left_to_administrators(
    by_admin: set[str], ours: Rows, tenant: Tenant, log_in: LogIn
) -> None:
    by_manager = opened(log_in(Role.MANAGER), ours, tenant)

    assert by_admin - by_manager == ADMINISTRATORS
    assert by_manager - by_admin == set()
    assert len(by_manager) > 40


@pytest.mark.parametrize(("role", "theirs"), [(Role.DISPATCHER, DISPATCHERS), (Role.SUPPORT, SUPPORT)])
def test_dispatchers_and_support_open_their_own_doors_only(
    role: Role, theirs: set[str], ours: Rows, operator: Client, tenant: Tenant, log_in: LogIn
) -> None:
    assert opened(log_in(role), ours, tenant) == theirs


def test_employees_and_strangers_are_sent_to_the_log_in_from_everywhere(
    ours: Rows, operator: Client, tenant: Tenant, log_in: LogIn
) -> None:
    for browser in (log_in(Role.EMPLOYEE), Client()):
        for name, path, extra in _everywhere(ours, tenant):
            for answer in (browser.get(path), browser.post(path, extra)):
                assert answer.headers.get("Location", "").startswith("/admin/login/"), name
                assert answer.headers.get("X-Test-Changed", "") == "", name


def test_a_password_alone_opens_no_door_where_there_is_a_second_factor(
    ours: Rows, operator: Client, tenant: Tenant
) -> None:
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.ADMIN).user
    second_factor.begin(user=boss)
    SecondFactor.objects.update(confirmed_at=timezone.now())
    browser = Client()
    browser.force_login(User.objects.get(pk=boss.pk))

    for name, path, extra in _everywhere(ours, tenant):
        for answer in (browser.get(path), browser.post(path, extra)):
            assert answer.headers.get("Location", "").startswith("/admin/second-factor/"), name
            assert answer.headers.get("X-Test-Changed", "") == "", name


def _everywhere(rows: Rows, tenant: Tenant) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield from doors(rows, walker(tenant))
    for path in (
        "/admin/",
        "/admin/board/",
        "/admin/board/live/",
        "/admin/story/",
        "/admin/password_change/",
    ):
        yield path, path, {}
    for model in registered():
        yield model.__name__, path_of(model, "changelist"), {}
