"""Deliveries: the list and its filters, one with its attempts, once more, and trying a receiver."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from integrations.models import Feature, IntegrationClient
from tests import factories
from tests.api import BASE, Api
from tests.webhooks import rows
from tests.webhooks.api.calling import DELIVERIES, LIST, NOON, faults, hour, made, said
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Attempt, Delivery, Event, Subscription

pytestmark = pytest.mark.django_db


def ended(of: Subscription, event: Event, status: str, **fields: Any) -> Delivery:
    """A delivery that has come to its end."""
    done = {"status": status, "due_at": None, "finished_at": timezone.now()}
    return rows.delivery(of, event, **{**done, **fields})


def found(api: Api, query: str = "") -> list[str]:
    """The ids of the deliveries that a query finds."""
    answer = api.get(f"{DELIVERIES}?pageSize=200{query}")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


# --- Reading -----------------------------------------------------------------------------------------------


def test_a_delivery_is_told_in_full_with_its_attempts(api: Api, erp: IntegrationClient) -> None:
    subscription, event = rows.subscription(erp), rows.event(erp)
    original = ended(subscription, event, "Failed")
    delivery = rows.delivery(
        subscription,
        event,
        status="Retrying",
        attempt_count=2,
        due_at=hour(1),
        created_at=NOON,
        redelivery_of=original,
    )
    shared = {"tenant": erp.tenant, "subscription": subscription, "delivery": delivery}
    Attempt.objects.create(**shared, started_at=hour(0), duration_ms=15_000, error="timeout")
    Attempt.objects.create(**shared, started_at=hour(0), duration_ms=8, status_code=503, answer="<down>")

    body = api.get(f"{DELIVERIES}/{delivery.public_id}").json()

    attempts = body.pop("attempts")
    assert attempts == [
        {"startedAt": said(NOON), "durationMs": 15_000, "statusCode": None, "error": "timeout", "answer": ""},
        {"startedAt": said(NOON), "durationMs": 8, "statusCode": 503, "error": None, "answer": "<down>"},
    ]
    assert body == {
        "id": delivery.public_id,
        "eventId": event.public_id,
        "eventType": "target.imported",
        "subscriptionId": subscription.pk,
        "status": "Retrying",
        "attemptCount": 2,
        "nextAttemptAt": said(hour(1)),
        "redeliveryOf": original.public_id,
        "isExample": False,
        "correlationId": "corr-1",
        "createdAt": said(NOON),
        "finishedAt": None,
    }
    assert api.get(DELIVERIES).json()["results"][0] == body


def test_deliveries_come_newest_first_in_pages_there_and_back(api: Api, erp: IntegrationClient) -> None:
    subscription, event = rows.subscription(erp), rows.event(erp)
    made = sorted((rows.delivery(subscription, event).public_id for _ in range(5)), reverse=True)
    pages, path = [], f"{DELIVERIES}?pageSize=2&status=Pending"
    while path:
        page = api.get(path).json()
        pages.append(page)
        path = page["next"].removeprefix(BASE) if page["next"] else ""
    seen = [[one["id"] for one in page["results"]] for page in pages]
    assert seen == [made[:2], made[2:4], made[4:]]
    back = api.get(pages[2]["previous"].removeprefix(BASE)).json()
    assert [one["id"] for one in back["results"]] == made[2:4]


def test_deliveries_are_found_by_each_filter_and_all_at_once(api: Api, erp: IntegrationClient) -> None:
    one, two = rows.subscription(erp), rows.subscription(erp)
    first, second = rows.event(erp), rows.event(erp, "target.updated", correlation_id="a/b +c")
    a = rows.delivery(one, first, **made(hour(0))).public_id
    b = ended(one, second, "Failed", **made(hour(1))).public_id
    c = ended(two, second, "Delivered", **made(hour(2))).public_id
    expected = {
        f"subscriptionId={one.pk}": [b, a],
        "subscriptionId=99999": [],
        f"eventId={second.public_id}": [c, b],
        "eventId=evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C": [],
        "eventType=target.updated": [c, b],
        "eventType=target.cancelled": [],
        "status=Pending": [a],
        "status=Failed": [b],
        f"correlationId={quote('a/b +c', safe='')}": [c, b],
        "correlationId=a": [],
        f"createdFrom={said(hour(1))}": [c, b],
        f"createdTo={said(hour(1))}": [a],
        f"createdFrom={said(hour(1))}&createdTo={said(hour(2))}": [b],
        f"subscriptionId={two.pk}&eventId={second.public_id}&status=Delivered&eventType=target.updated": [c],
    }
    assert {query: found(api, f"&{query}") for query in expected} == expected


def test_a_page_and_a_delivery_cost_so_many_queries(
    api: Api, erp: IntegrationClient, django_assert_num_queries: Any
) -> None:
    subscription = rows.subscription(erp)
    deliveries = [rows.delivery(subscription, rows.event(erp)) for _ in range(20)]
    api.get(DELIVERIES)
    # The key, then the page; the key, then the delivery with its event, and the attempts.
    with django_assert_num_queries(2) as asked:
        assert len(api.get(DELIVERIES).json()["results"]) == 20
    assert not any('"snapshot"' in query["sql"] for query in asked.captured_queries)
    with django_assert_num_queries(3):
        api.get(f"{DELIVERIES}/{deliveries[0].public_id}")
    with django_assert_num_queries(2):
        api.get(LIST)
    with django_assert_num_queries(2):
        api.get(f"{LIST}/{subscription.pk}")


# --- Once more ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Delivered", "Failed", "Cancelled"])
@pytest.mark.parametrize("kind", ["subscription", "paused"])
def test_an_event_is_sent_again_even_while_the_subscription_is_off(
    api: Api, erp: IntegrationClient, status: str, kind: str
) -> None:
    subscription = getattr(rows, kind)(erp)
    original = ended(subscription, rows.event(erp), status)

    answer = api.post(f"{DELIVERIES}/{original.public_id}/redeliver")

    again = Delivery.objects.exclude(id=original.pk).get()
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"{BASE}{DELIVERIES}/{again.public_id}"
    body = api.get(f"{DELIVERIES}/{again.public_id}").json()
    assert body.pop("attempts") == []
    assert answer.json() == body
    assert (body["redeliveryOf"], body["eventId"]) == (original.public_id, original.event.public_id)
    assert (again.status, again.by_hand, again.attempt_count) == ("Pending", True, 0)
    original.refresh_from_db()
    assert original.status == status


def test_nothing_is_sent_again_to_a_deleted_subscription(api: Api, erp: IntegrationClient) -> None:
    original = ended(rows.subscription(erp), rows.event(erp), "Failed")
    api.delete(f"{LIST}/{original.subscription_id}")
    answer = api.post(f"{DELIVERIES}/{original.public_id}/redeliver")
    assert faults(answer, status=409, code="conflict") == []
    assert Delivery.objects.count() == 1


def test_billing_is_not_sent_again_to_a_client_that_lost_the_feature(
    api: Api, erp: IntegrationClient
) -> None:
    event = rows.event(erp, "billing.event_ready")
    original = ended(rows.subscription(erp, "billing.*"), event, "Failed")
    answer = api.post(f"{DELIVERIES}/{original.public_id}/redeliver")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "feature_disabled")
    erp.features = [Feature.BILLING_WEBHOOKS.value]
    erp.save()
    assert api.post(f"{DELIVERIES}/{original.public_id}/redeliver").status_code == 202


def test_the_worker_is_called_after_the_commit_and_only_then(
    api: Api, erp: IntegrationClient, django_capture_on_commit_callbacks: Any
) -> None:
    original = ended(rows.subscription(erp), rows.event(erp), "Failed")
    with django_capture_on_commit_callbacks() as callbacks:
        api.post(f"{DELIVERIES}/{original.public_id}/redeliver")
        api.post(f"{LIST}/{original.subscription_id}/test")
    assert [callback.__name__ for callback in callbacks] == ["ring", "ring"]


# --- Trying ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, {}, {"eventType": None}, {"eventType": "webhook.test"}])
@pytest.mark.parametrize("kind", ["subscription", "paused"])
def test_a_test_goes_to_this_subscription_alone_even_while_it_is_off(
    api: Api, erp: IntegrationClient, body: Any, kind: str
) -> None:
    subscription = getattr(rows, kind)(erp)
    rows.subscription(erp, "webhook.test")
    rows.subscription(factories.client(erp.tenant), "webhook.test")

    answer = api.post(f"{LIST}/{subscription.pk}/test", body, X_Correlation_Id="try-1")

    delivery = Delivery.objects.get()
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"{BASE}{DELIVERIES}/{delivery.public_id}"
    told = answer.json()
    assert (told["id"], told["subscriptionId"]) == (delivery.public_id, subscription.pk)
    assert (told["eventType"], told["isExample"], told["status"]) == ("webhook.test", True, "Pending")
    assert (told["correlationId"], told["redeliveryOf"]) == ("try-1", None)
    assert delivery.by_hand is True
    event = Event.objects.get()
    assert (event.client_id, event.source_system_id, event.is_example) == (erp.pk, None, True)


def test_an_example_of_every_type_can_be_sent(api: Api, erp: IntegrationClient) -> None:
    erp.features = [Feature.BILLING_WEBHOOKS.value]
    erp.save()
    subscription = rows.subscription(erp, "webhook.test")
    for name in EVENT_TYPES:
        answer = api.post(f"{LIST}/{subscription.pk}/test", {"eventType": name})
        assert (answer.status_code, answer.json()["eventType"]) == (202, name)
    assert set(Event.objects.values_list("type", "is_example")) == {(name, True) for name in EVENT_TYPES}


def test_an_example_of_billing_needs_the_feature(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    answer = api.post(f"{LIST}/{subscription.pk}/test", {"eventType": "billing.event_ready"})
    assert faults(answer, status=403, code="feature_disabled") == [("eventType", "feature_disabled")]
    assert not Event.objects.exists()


def test_an_example_can_be_sent_again_as_an_example(api: Api, erp: IntegrationClient) -> None:
    first = api.post(f"{LIST}/{rows.subscription(erp).pk}/test").json()
    again = api.post(f"{DELIVERIES}/{first['id']}/redeliver").json()
    assert (again["isExample"], again["redeliveryOf"]) == (True, first["id"])
    assert Delivery.objects.filter(due_at__lte=timezone.now() + timedelta(seconds=1)).count() == 2
