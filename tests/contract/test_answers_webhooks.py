"""Every answer about webhooks is what the document says of it; so is what receivers get."""

import json
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import Feature, IntegrationClient
from tests.api import Api
from tests.contract.described import Check, Described
from tests.webhooks import rows
from webhooks.api.schema.operations import EXAMPLES
from webhooks.catalog.types import EVENT_TYPES
from webhooks.delivery.send import request_of
from webhooks.models import Attempt, Delivery, Subscription

pytestmark = pytest.mark.django_db

LIST, ONE = "/webhooks/subscriptions", "/webhooks/subscriptions/{subscriptionId}"
DELIVERIES, DELIVERY = "/webhooks/deliveries", "/webhooks/deliveries/{deliveryId}"
NEW = {"url": "https://erp.example.com/hook", "eventTypes": ["target.*"]}


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def delivery(erp: IntegrationClient) -> Delivery:
    """A delivery that failed, with an attempt of each kind."""
    now = timezone.now()
    failed = rows.delivery(
        rows.subscription(erp), rows.event(erp), status="Failed", due_at=None, finished_at=now
    )
    shared = {"tenant": erp.tenant, "subscription": failed.subscription, "delivery": failed}
    Attempt.objects.create(**shared, started_at=now, duration_ms=1, status_code=500, answer="x")
    Attempt.objects.create(**shared, started_at=now, duration_ms=15_000, error="timeout")
    return failed


# --- Subscriptions -----------------------------------------------------------------------------------------


def test_the_examples_work_in_turn_and_are_answered_as_described(api: Api, checked: Check) -> None:
    made = checked(api.post(LIST, example("subscription-new")), "post", LIST, 201)
    path = f"{LIST}/{made['id']}"
    for name in ("subscription-pause", "subscription-options"):
        checked(api.patch(path, example(name)), "patch", ONE, 200)
    rotated = api.post(f"{path}/rotate-secret", example("rotation"))
    checked(rotated, "post", f"{ONE}/rotate-secret", 200)
    tried = checked(api.post(f"{path}/test", example("test")), "post", f"{ONE}/test", 202)
    checked(api.post(f"{path}/replay", example("replay")), "post", f"{ONE}/replay", 202)
    counted = api.post(f"{path}/replay?validateOnly=true", example("replay"))
    checked(counted, "post", f"{ONE}/replay", 200)
    checked(api.get(path), "get", ONE, 200)
    checked(api.get(LIST), "get", LIST, 200)
    checked(api.get(f"{DELIVERIES}/{tried['id']}"), "get", DELIVERY, 200)


def test_examples_of_requests_fit_their_schemas(described: Described) -> None:
    checked = 0
    for path, method, operation in described.operations():
        if not path.startswith("/webhooks") or "requestBody" not in operation:
            continue
        media = operation["requestBody"]["content"]["application/json"]
        assert media["examples"], (path, method)
        for one in media["examples"].values():
            assert described.faults(one["value"], media["schema"]) == []
            checked += 1
    assert checked == 6


def test_answers_without_a_body_are_as_described(
    api: Api, erp: IntegrationClient, described: Described
) -> None:
    path = f"{LIST}/{rows.subscription(erp).pk}"
    for below, template in (("/previous-secret", f"{ONE}/previous-secret"), ("", ONE)):
        answer = api.delete(path + below)
        assert answer.status_code == 204
        described.check(answer, "delete", template)


def test_a_disabled_subscription_is_as_described(api: Api, erp: IntegrationClient, checked: Check) -> None:
    now = timezone.now()
    for reason in ("paused", "gone", "failing"):
        off = rows.paused(erp, disabled_reason=reason, failing_since=now, last_success_at=now)
        assert checked(api.get(f"{LIST}/{off.pk}"), "get", ONE, 200)["disabledReason"] == reason


def test_a_replayed_answer_is_as_described(api: Api, checked: Check) -> None:
    first = checked(api.post(LIST, NEW, Idempotency_Key="k"), "post", LIST, 201)
    assert checked(api.post(LIST, NEW, Idempotency_Key="k"), "post", LIST, 201) == first
    checked(
        api.post(LIST, {**NEW, "active": False}, Idempotency_Key="k"),
        "post",
        LIST,
        409,
        "idempotency_conflict",
    )


def test_event_types_are_as_described(api: Api, checked: Check) -> None:
    body = checked(api.get("/webhooks/event-types"), "get", "/webhooks/event-types", 200)
    assert len(body["results"]) == len(EVENT_TYPES)


# --- Deliveries --------------------------------------------------------------------------------------------


def test_deliveries_are_as_described(api: Api, delivery: Delivery, checked: Check) -> None:
    again = api.post(f"{DELIVERIES}/{delivery.public_id}/redeliver")
    body = checked(again, "post", f"{DELIVERY}/redeliver", 202)
    assert body["redeliveryOf"] == delivery.public_id
    assert len(checked(api.get(DELIVERIES), "get", DELIVERIES, 200)["results"]) == 2
    told = checked(api.get(f"{DELIVERIES}/{delivery.public_id}"), "get", DELIVERY, 200)
    assert [attempt["error"] for attempt in told["attempts"]] == [None, "timeout"]


# --- Refusals ----------------------------------------------------------------------------------------------


def test_refusals_are_as_described(
    api: Api, erp: IntegrationClient, delivery: Delivery, checked: Check
) -> None:
    known = f"{LIST}/{delivery.subscription_id}"
    checked(api.post(LIST, {"url": "https://127.0.0.1/"}), "post", LIST, 400, "validation_failed")
    checked(api.post(LIST, b"{"), "post", LIST, 400, "invalid_json")
    checked(api.post(LIST, NEW, content_type="text/plain"), "post", LIST, 415, "unsupported_media_type")
    billing = {"eventTypes": ["billing.*"]}
    checked(api.post(LIST, {**NEW, **billing}), "post", LIST, 403, "feature_disabled")
    checked(api.patch(known, billing), "patch", ONE, 403, "feature_disabled")
    trial = api.post(f"{known}/test", {"eventType": "billing.event_sent"})
    checked(trial, "post", f"{ONE}/test", 403, "feature_disabled")
    checked(api.post(f"{known}/replay", {}), "post", f"{ONE}/replay", 400, "validation_failed")
    checked(api.post(f"{known}/rotate-secret", b"["), "post", f"{ONE}/rotate-secret", 400, "invalid_json")
    checked(api.get(f"{LIST}/0"), "get", ONE, 404, "not_found")
    checked(api.get(f"{DELIVERIES}/x"), "get", DELIVERY, 404, "not_found")
    checked(api.get(f"{DELIVERIES}?eventId=x"), "get", DELIVERIES, 400, "validation_failed")
    for _ in range(99):
        rows.subscription(erp)
    checked(api.post(LIST, NEW), "post", LIST, 409, "conflict")
    api.delete(known)
    gone = api.post(f"{DELIVERIES}/{delivery.public_id}/redeliver")
    checked(gone, "post", f"{DELIVERY}/redeliver", 409, "conflict")
    erp.scopes = []
    erp.save()
    checked(api.get(LIST), "get", LIST, 403, "missing_scope")
    checked(api.get(DELIVERIES), "get", DELIVERIES, 403, "missing_scope")


# --- What receivers get ------------------------------------------------------------------------------------


def test_every_event_type_stands_in_the_document_with_schema_and_example(described: Described) -> None:
    webhooks = described.document["webhooks"]
    assert list(webhooks) == list(EVENT_TYPES)
    for name, item in webhooks.items():
        operation = item["post"]
        assert operation["summary"] == name
        assert set(operation["responses"]) == {"2XX", "410", "default"}
        media = operation["requestBody"]["content"]["application/json"]
        assert described.faults(media["examples"]["example"]["value"], media["schema"]) == [], name
    names = [item["post"]["operationId"] for item in webhooks.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("overlap", [0, 60])
@pytest.mark.parametrize("name", EVENT_TYPES)
def test_what_is_sent_is_what_the_document_says(
    api: Api, erp: IntegrationClient, described: Described, name: str, overlap: int
) -> None:
    erp.features = [Feature.BILLING_WEBHOOKS.value]
    erp.save()
    on = {"contact_details": True, "summary_preview": True, "billing_details": True}
    subscription = rows.subscription(erp, **on)
    api.post(f"{LIST}/{subscription.pk}/rotate-secret", {"overlapSeconds": overlap})
    api.post(f"{LIST}/{subscription.pk}/test", {"eventType": name})
    delivery = Delivery.objects.select_related("event").get()

    body, headers = request_of(delivery, delivery.event, Subscription.objects.get())

    operation = described.document["webhooks"][name]["post"]
    media = operation["requestBody"]["content"]["application/json"]
    payload = json.loads(body)
    assert described.faults(payload, media["schema"]) == []
    assert (payload["eventType"], payload["isExample"]) == (name, True)
    parameters = [described.resolved(reference) for reference in operation["parameters"]]
    promised = {one["name"] for one in parameters if one["required"] or overlap}
    assert set(headers) - {"Content-Type", "User-Agent"} == promised
