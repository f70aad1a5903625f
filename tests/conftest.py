"""Fixtures that every test may use: a tenant, a client with all scopes, and an API to talk to."""

import pytest

from integrations.models import IntegrationClient
from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.api import Api


@pytest.fixture
def tenant(db: None) -> Tenant:
    return factories.tenant()


@pytest.fixture
def erp(tenant: Tenant) -> IntegrationClient:
    """A client of `logistics_erp` with all scopes, that may create and update everything."""
    return factories.client(tenant=tenant, **factories.ALL_SWITCHES)


@pytest.fixture
def api(erp: IntegrationClient) -> Api:
    return Api(erp)


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    redis_client().flushdb()
