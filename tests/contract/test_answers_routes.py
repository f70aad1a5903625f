"""Every answer about route suggestions is what the document says of it; so are the events of routes."""

import json
from pathlib import Path
from typing import Any

import pytest

from ordinavo.tenants.models import Tenant
from targets.imports.models import ImportJob
from targets.routes.api.schema.codes import REASONS
from targets.routes.api.schema.operations import EXAMPLES
from targets.routes.services.deciding import replan_suggestion
from targets.routes.services.unpublishing import unpublish_route
from tests import factories
from tests.api import Api
from tests.contract.described import Check, Described
from tests.imports.batching import done, one
from tests.routes.rows import asked, drafted, fresh, published, route_of, target, targets
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import told

pytestmark = pytest.mark.django_db

LIST, ONE = "/route-suggestions", "/route-suggestions/{routeSuggestionId}"


def example(name: str) -> Any:
    return json.loads((Path(EXAMPLES) / f"{name}.json").read_text("utf-8"))


def test_the_examples_work_as_they_stand(api: Api, tenant: Tenant, checked: Check) -> None:
    for name in ("JOB-2026-000918", "JOB-2026-000919"):
        target(tenant, external_id=name)
    asked_for = checked(api.post(LIST, example("suggestion-of-targets")), "post", LIST, 202)
    checked(api.get(f"{LIST}/{asked_for['routeSuggestionId']}"), "get", ONE, 200)
    job_id = done(api, [one(1)])
    body = {**example("suggestion-of-job"), "importJobId": job_id}
    checked(api.post(LIST, body), "post", LIST, 202)
    assert len(checked(api.get(LIST), "get", LIST, 200)["results"]) == 2


def test_examples_of_requests_fit_their_schema(described: Described) -> None:
    media = described.document["paths"][LIST]["post"]["requestBody"]["content"]["application/json"]
    assert len(media["examples"]) == 2
    for each in media["examples"].values():
        assert described.faults(each["value"], media["schema"]) == []


def test_every_state_of_a_suggestion_is_as_described(api: Api, tenant: Tenant, checked: Check) -> None:
    employee(tenant)
    lost = target(tenant, latitude=None, longitude=None)
    suggestion = asked(tenant, [*targets(tenant, 2), lost], client=api.client)

    def read() -> dict[str, Any]:
        return checked(api.get(f"{LIST}/{suggestion.pk}"), "get", ONE, 200)

    assert read()["status"] == "Pending"
    draft = drafted(tenant, [*targets(tenant, 2), lost], client=api.client)
    suggestion = draft
    assert read()["status"] == "Draft"
    assert {each["reasonCode"] for each in read()["excluded"]} <= REASONS.keys()
    published(draft)
    assert read()["status"] == "Published"
    unpublish_route(route=route_of(draft), actor=None)
    replan_suggestion(suggestion=draft, revision=fresh(draft).revision, actor=None)
    assert (read()["status"], len(read()["routes"])) == ("Pending", 1)


def test_a_planned_target_is_as_described(api: Api, tenant: Tenant, checked: Check) -> None:
    employee(tenant)
    wanted = target(tenant)
    published(drafted(tenant, [wanted]))
    body = checked(api.get(f"/targets/{wanted.pk}"), "get", "/targets/{targetId}", 200)
    assert body["appointment"]["status"] == "Scheduled"


def test_a_replay_is_as_described(api: Api, tenant: Tenant, checked: Check) -> None:
    body = {"routeDate": "2026-07-01", "targetIds": [target(tenant).pk]}
    first = checked(api.post(LIST, body, Idempotency_Key="k"), "post", LIST, 202)
    assert checked(api.post(LIST, body, Idempotency_Key="k"), "post", LIST, 202) == first
    other = {**body, "routeDate": "2026-07-02"}
    checked(api.post(LIST, other, Idempotency_Key="k"), "post", LIST, 409, "idempotency_conflict")


def test_refusals_are_as_described(api: Api, tenant: Tenant, checked: Check) -> None:
    checked(api.post(LIST, {}), "post", LIST, 400, "validation_failed")
    checked(api.post(LIST, b"{"), "post", LIST, 400, "invalid_json")
    unknown = {"routeDate": "2026-07-01", "targetIds": [1]}
    checked(api.post(LIST, unknown), "post", LIST, 400, "validation_failed")
    job_id = done(api, [one(1)])
    ImportJob.objects.update(finished_at=None)
    running = {"routeDate": "2026-07-01", "importJobId": job_id}
    checked(api.post(LIST, running), "post", LIST, 409, "conflict")
    foreign = drafted(tenant, [target(tenant)], client=factories.client(tenant))
    checked(api.get(f"{LIST}/{foreign.pk}"), "get", ONE, 404, "not_found")
    checked(api.get(f"{LIST}?routeDate=x"), "get", LIST, 400, "validation_failed")
    api.client.scopes = []
    api.client.save()
    checked(api.get(LIST), "get", LIST, 403, "missing_scope")
    checked(api.post(LIST, unknown), "post", LIST, 403, "missing_scope")


def test_what_routes_tell_is_as_described(api: Api, tenant: Tenant, described: Described) -> None:
    rows.subscription(api.client, "route.*", "target.*", "appointment.*")
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 2), client=api.client)
    published(draft)
    unpublish_route(route=route_of(draft), actor=None)
    kinds = set()
    for payload in told():
        name = payload["eventType"]
        operation = described.document["webhooks"][name]["post"]
        media = operation["requestBody"]["content"]["application/json"]
        assert described.faults(payload, media["schema"]) == [], name
        kinds.add(name)
    assert kinds == {
        "route.suggestion.created",
        "route.published",
        "target.scheduled",
        "appointment.scheduled",
        "appointment.cancelled",
    }
