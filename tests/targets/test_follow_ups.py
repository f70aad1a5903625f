"""A follow-up names the target whose visit asked for it, in the API and in what events tell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ordinavo.tenants.models import Tenant
from targets.events import target_block
from targets.models import Target
from tests.api import Api
from tests.routes import rows

pytestmark = pytest.mark.django_db

NAMES = ("followUpOfTargetId", "followUpOfExternalId")


@pytest.fixture
def followed(tenant: Tenant) -> Target:
    return rows.target(tenant, external_id="JOB-1")


@pytest.fixture
def follow_up(tenant: Tenant, followed: Target) -> Target:
    return rows.target(tenant, external_id=None, follow_up_of=followed)


def test_the_api_names_the_target_that_is_followed(api: Api, followed: Target, follow_up: Target) -> None:
    one = api.get(f"/targets/{follow_up.pk}").json()
    listed = {row["id"]: row for row in api.get("/targets").json()["results"]}
    assert one["externalId"] is None
    assert [one[name] for name in NAMES] == [followed.pk, "JOB-1"]
    assert [listed[follow_up.pk][name] for name in NAMES] == [followed.pk, "JOB-1"]
    assert [listed[followed.pk][name] for name in NAMES] == [None, None]


def test_follow_ups_cost_one_statement_for_a_page_and_none_without_them(api: Api, tenant: Tenant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            api.get("/targets")
        return len(asked)

    first = rows.target(tenant)
    api.get("/targets")
    without = cost()
    counts = []
    for _ in range(2):
        rows.target(tenant, external_id=None, follow_up_of=first)
        counts.append(cost() - without)
    assert counts == [1, 1]


def test_the_block_of_an_event_names_it_too(followed: Target, follow_up: Target) -> None:
    told = [target_block(one, one.source_system) for one in (follow_up, followed)]
    assert [[block[name] for name in NAMES] for block in told] == [[followed.pk, "JOB-1"], [None, None]]
