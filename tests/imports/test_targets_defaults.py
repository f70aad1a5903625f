"""Planning values that nobody sent come from location, customer, template, tenant: in this order."""

from typing import Any

import pytest

from customers.models import Customer, Location
from ordinavo.tenants.models import Tenant
from targets.models import Target, TargetTemplate
from tests import factories
from tests.api import Api
from tests.imports.sending import payload, send, warnings

NOTHING = ("Normal", 30)
LOCATION, CUSTOMER, TEMPLATE, TENANT = ("Urgent", 11), ("High", 12), ("Low", 13), ("Low", 14)
MEMBERS: dict[str, Any] = {
    "customer": {"externalId": "C", "name": "A"},
    "location": {"externalId": "L", "city": "Essen"},
    "templateKey": "stop",
}


def _set(row: Any, values: tuple[str, int]) -> None:
    row.default_priority, row.default_estimated_work_minutes = values
    row.save()


def _planned() -> tuple[str | None, int | None]:
    target = Target.objects.get(external_id="T-1")
    return target.priority, target.estimated_work_minutes


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("location customer template tenant", LOCATION),
        ("customer template tenant", CUSTOMER),
        ("template tenant", TEMPLATE),
        ("tenant", TENANT),
        ("", NOTHING),
    ],
)
def test_the_nearest_default_holds(api: Api, tenant: Tenant, levels: str, expected: tuple[str, int]) -> None:
    template = TargetTemplate.objects.create(tenant=tenant, key="stop", name="Stop")
    send(api, **{**MEMBERS, "externalId": "earlier"})
    rows = {
        "location": (Location.objects.get(), LOCATION),
        "customer": (Customer.objects.get(), CUSTOMER),
        "template": (template, TEMPLATE),
        "tenant": (tenant, TENANT),
    }
    for level in levels.split():
        _set(*rows[level])
    send(api, **MEMBERS)
    assert _planned() == expected


def test_each_value_is_looked_for_by_itself(api: Api, tenant: Tenant) -> None:
    TargetTemplate.objects.create(tenant=tenant, key="stop", name="Stop", default_estimated_work_minutes=20)
    send(api, **{**MEMBERS, "location": {"externalId": "L", "defaultPriority": "medium"}})
    assert _planned() == ("Normal", 20)
    _set(tenant, TENANT)
    send(api, externalId="T-2", planning={"priority": "Urgent"})
    target = Target.objects.get(external_id="T-2")
    assert (target.priority, target.estimated_work_minutes) == ("Urgent", 14)


def test_defaults_of_a_location_that_comes_with_the_target_hold_at_once(api: Api) -> None:
    location = {"externalId": "L", "defaultPriority": "High", "defaultEstimatedWorkMinutes": 45}
    send(api, **{**MEMBERS, "location": location})
    assert _planned() == ("High", 45)


def test_what_was_sent_beats_every_default(api: Api, tenant: Tenant) -> None:
    location = {"externalId": "L", "defaultPriority": "High", "defaultEstimatedWorkMinutes": 45}
    send(api, **{**MEMBERS, "location": location}, planning={"priority": "low", "estimatedWorkMinutes": 1})
    assert _planned() == ("Low", 1)


def test_an_update_brings_no_defaults(api: Api, tenant: Tenant) -> None:
    send(api)
    _set(tenant, TENANT)
    send(api, title="Other")
    assert _planned() == NOTHING


@pytest.mark.parametrize("whose", ["nobody", "inactive", "another tenant"])
def test_a_template_that_the_tenant_does_not_know_is_a_warning(api: Api, tenant: Tenant, whose: str) -> None:
    if whose != "nobody":
        owner = tenant if whose == "inactive" else factories.tenant()
        TargetTemplate.objects.create(
            tenant=owner, key="stop", name="Stop", active=whose != "inactive", default_priority="Urgent"
        )
    answer = send(api, templateKey="stop")
    assert warnings(answer) == ["unknown_template"]
    assert answer.json()["items"][0]["warnings"][0]["path"] == "templateKey"
    target = Target.objects.get()
    assert (target.template, target.template_key, target.priority) == (None, "stop", "Normal")


def test_a_template_that_has_become_known_is_linked_by_the_next_import(api: Api, tenant: Tenant) -> None:
    send(api, templateKey="stop")
    template = TargetTemplate.objects.create(tenant=tenant, key="stop", name="Stop")
    answer = api.post("/inbound/targets", payload(templateKey="stop"))
    assert (answer.json()["updatedItems"], warnings(answer)) == (1, [])
    assert Target.objects.get().template == template
