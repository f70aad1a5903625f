"""Fixtures that every test may use: a tenant, a client with all scopes, and an API to talk to."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from integrations.models import IntegrationClient
from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.api import Api
from tests.browser.chromium import chromium
from tests.survival.lasting import _lasting_stage

# One for the whole session each: a folder's own import would start another one.
__all__ = ["_lasting_stage", "chromium"]


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


@pytest.fixture(scope="session", autouse=True)
def _files_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files of reports go to a folder that is thrown away."""
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield
