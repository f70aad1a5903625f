"""What tests of decisions begin with: a doubt between two customers, and a manager who can decide."""

import pytest

from customers.models import Customer
from integrations.models import IntegrationClient
from ordinavo.tenants.models import Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from tests.api import Api
from tests.customers.rows import customer
from tests.imports.mapped import client


@pytest.fixture
def pair(tenant: Tenant) -> list[Customer]:
    """Two customers with one number."""
    return [customer(tenant, number="K-1", name="Nord"), customer(tenant, number="K-1", name="Sued")]


@pytest.fixture
def crm(erp: IntegrationClient, pair: list[Customer]) -> Api:
    """A client that looks for numbers, and creates nothing."""
    return client(erp, mapping_strategy="ExternalIdThenCustomerNumber")


@pytest.fixture
def manager(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="m@x.example", role=Role.MANAGER).user
