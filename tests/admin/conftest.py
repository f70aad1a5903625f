"""Two tenants that are full of rows, and people who look at the first one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from integrations.models import IntegrationClient
from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.middleware import SESSION_KEY
from ordinavo.tenants.models import Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from tests import factories
from tests.admin.world import world
from tests.webhooks import rows as webhook_rows
from webhooks.models import Subscription

OURS, THEIRS = "ourword", "theirword"

Rows = dict[type[Model], Any]
LogIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _roles(db: None) -> None:
    # A transactional test of the same run may have emptied the groups.
    sync_roles()


@pytest.fixture
def ours(tenant: Tenant) -> Rows:
    return world(tenant, OURS)


@pytest.fixture
def theirs(db: None) -> Rows:
    return world(factories.tenant(name=f"{THEIRS} company"), THEIRS)


@pytest.fixture
def log_in(tenant: Tenant) -> LogIn:
    """Logs a person of the tenant in, by role."""

    def enter(role: Role = Role.ADMIN) -> Client:
        member = add_member(tenant=tenant, email=f"{role}@{tenant.slug}.example", role=role)
        browser = Client()
        browser.force_login(member.user)
        return browser

    return enter


@pytest.fixture
def operator(tenant: Tenant) -> Client:
    """An operator who works in the tenant."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@x.example"))
    session = browser.session
    session[SESSION_KEY] = tenant.pk
    session.save()
    return browser


@pytest.fixture(params=["administrator", "operator"])
def browser(request: pytest.FixtureRequest) -> Client:
    """Whoever may see most of one tenant."""
    if request.param == "operator":
        working: Client = request.getfixturevalue("operator")
        return working
    enter: LogIn = request.getfixturevalue("log_in")
    return enter(Role.ADMIN)


@pytest.fixture
def hook(erp: IntegrationClient) -> Subscription:
    """A subscription of a client of the tenant."""
    return webhook_rows.subscription(erp, description="ERP production")
