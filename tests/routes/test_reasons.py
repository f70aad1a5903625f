"""Reasons in words: staff read names, outside systems numbers of routes and their own external ids."""

from datetime import UTC, datetime

import pytest

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.models import TargetTemplate
from targets.routes.models import Exclusion
from tests.api import Api
from tests.routes.rows import drafted, stops_of, target, targets
from tests.visits.rows import ESSEN, appointment, employee

pytestmark = pytest.mark.django_db


def test_who_lacks_a_skill_is_named_to_staff_and_numbered_to_outside_systems(
    api: Api, erp: IntegrationClient, tenant: Tenant
) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="gas", name="Gas", skills=["gas"])
    employee(tenant, name="Anna Albrecht")
    draft = drafted(tenant, [target(tenant), target(tenant, template=template)], client=erp)
    [excluded] = api.get(f"/route-suggestions/{draft.pk}").json()["excluded"]
    assert excluded["reasonCode"] == "missing_skill"
    assert excluded["hint"] == 'Fits the route of employee 1 if they had the skill "gas".'
    stored = Exclusion.objects.get()
    assert stored.details["inHouse"]["hint"] == 'Fits the route of Anna Albrecht if they had the skill "gas".'


def test_staff_read_names_at_once_in_their_own_drafts(tenant: Tenant) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="gas", name="Gas", skills=["gas"])
    employee(tenant, name="Anna Albrecht")
    drafted(tenant, [target(tenant, template=template)])
    assert Exclusion.objects.get().hint == 'Fits the route of Anna Albrecht if they had the skill "gas".'


def test_displaced_stops_are_named_to_their_sender_and_others_counted(
    api: Api, erp: IntegrationClient, tenant: Tenant
) -> None:
    person = employee(tenant, hours=(8, 10), name="Anna Albrecht")
    here = {"latitude": ESSEN[0], "longitude": ESSEN[1]}
    others = target(tenant, source="crm", status="Scheduled", **here)
    standing = appointment(others, person, datetime(2026, 7, 1, 6, 30, tzinfo=UTC))
    wanted = targets(tenant, 3, estimated_work_minutes=25, **here)
    draft = drafted(tenant, wanted, client=erp)
    told = api.get(f"/route-suggestions/{draft.pk}").json()
    planned = {stop["externalId"] for route in told["routes"] for stop in route["stops"]}
    assert {one["reasonCode"] for one in told["excluded"]} == {"capacity_full"}
    assert planned
    for one in told["excluded"]:
        assert any(name in one["message"] for name in planned)
        assert "Anna" not in str(one)
        assert str(standing.target.external_id) not in str(one)


def test_each_stop_says_why_it_stands_there_and_what_it_adds(tenant: Tenant) -> None:
    employee(tenant)
    for stop in stops_of(drafted(tenant, targets(tenant, 3))):
        assert [one["code"] for one in stop.reasons] == ["only_one_able", "on_the_way", "added"]
        assert stop.added_minutes >= 0
