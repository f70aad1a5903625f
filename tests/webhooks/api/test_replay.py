"""Replay: what was missed is sent again, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import Feature, IntegrationClient
from ordinavo.kernel.ulids import shown_ulid
from tests.api import Api
from tests.webhooks import rows
from tests.webhooks.api.calling import LIST, faults, said
from tests.webhooks.api.test_deliveries import ended
from webhooks.models import Delivery, Event, Subscription

pytestmark = pytest.mark.django_db


def ago(**length: float) -> Any:
    return timezone.now() - timedelta(**length)


def sent(subscription: Subscription) -> list[Delivery]:
    """What is on its way by hand, in the order in which it is due."""
    return list(Delivery.objects.filter(subscription=subscription, by_hand=True).order_by("due_at"))


def replayed(api: Api, subscription: Subscription, *, query: str = "", **body: Any) -> int:
    """Replay the last day, or what is asked for; the count."""
    asked = {"since": said(ago(days=1)), **body}
    answer = api.post(f"{LIST}/{subscription.pk}/replay{query}", asked)
    assert answer.status_code == (200 if "validateOnly=true" in query else 202), answer.content
    count: int = answer.json()["count"]
    return count


@pytest.mark.parametrize("kind", ["subscription", "paused"])
def test_what_failed_or_was_cancelled_is_sent_again_oldest_first(
    api: Api, erp: IntegrationClient, kind: str
) -> None:
    subscription: Subscription = getattr(rows, kind)(erp)
    missed = [ended(subscription, rows.event(erp), status) for status in ("Failed", "Cancelled", "Failed")]
    ended(subscription, rows.event(erp), "Delivered")
    rows.delivery(subscription, rows.event(erp), status="Retrying")
    ended(rows.subscription(erp), rows.event(erp), "Failed")
    since = said(ago(hours=1))

    answer = api.post(f"{LIST}/{subscription.pk}/replay", {"since": since})

    body = answer.json()
    assert answer.status_code == 202
    until = body.pop("until")
    assert since < until <= said(timezone.now())
    assert body == {
        "subscriptionId": subscription.pk,
        "count": 3,
        "validateOnly": False,
        "since": since,
        "statuses": ["Failed", "Cancelled"],
    }
    again = sent(subscription)
    assert [one.redelivery_of_id for one in again] == [one.pk for one in missed]
    assert [one.event_id for one in again] == [one.event_id for one in missed]
    assert {(one.status, one.attempt_count, one.client_id, one.tenant_id) for one in again} == {
        ("Pending", 0, erp.pk, erp.tenant_id)
    }
    found = api.get(f"/webhooks/deliveries?subscriptionId={subscription.pk}&status=Pending").json()
    assert {one["id"] for one in found["results"]} == {shown_ulid("del", one.pk) for one in again}


def test_new_ids_sort_as_if_we_had_made_them(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    before = ended(subscription, rows.event(erp), "Failed")
    assert replayed(api, subscription) == 1
    (between,) = sent(subscription)
    after = rows.delivery(subscription, rows.event(erp))
    assert before.pk < between.pk < after.pk


def test_counting_only_counts(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    ended(subscription, rows.event(erp), "Failed")
    assert replayed(api, subscription, query="?validateOnly=true") == 1
    assert Delivery.objects.count() == 1
    assert replayed(api, subscription, query="?validateOnly=false") == 1
    assert Delivery.objects.count() == 2


def test_what_is_on_its_way_or_has_arrived_meanwhile_is_not_sent_a_second_time(
    api: Api, erp: IntegrationClient
) -> None:
    subscription = rows.subscription(erp)
    for _ in range(2):
        ended(subscription, rows.event(erp), "Failed")
    assert [replayed(api, subscription) for _ in range(2)] == [2, 0]
    done = {"status": "Delivered", "due_at": None, "finished_at": timezone.now()}
    Delivery.objects.filter(by_hand=True).update(**done)
    assert replayed(api, subscription) == 0
    # Those that arrived can still be asked for, each of them once.
    assert replayed(api, subscription, statuses=["Delivered", "Failed"]) == 2


def test_what_failed_again_is_sent_again_once(api: Api, erp: IntegrationClient) -> None:
    subscription, event = rows.subscription(erp), rows.event(erp)
    for _ in range(3):
        last = ended(subscription, event, "Failed")
    assert replayed(api, subscription) == 1
    assert sent(subscription)[0].redelivery_of_id == last.pk


def test_another_subscription_that_got_the_event_changes_nothing(api: Api, erp: IntegrationClient) -> None:
    subscription, event = rows.subscription(erp), rows.event(erp)
    ended(subscription, event, "Failed")
    ended(rows.subscription(erp), event, "Delivered")
    assert replayed(api, subscription) == 1


def test_only_events_of_the_time_are_sent(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    start = ago(hours=5)
    events = [rows.event(erp, occurred_at=start + timedelta(hours=number)) for number in range(4)]
    for event in events:
        ended(subscription, event, "Failed")
    since, until = said(events[1].occurred_at), said(events[3].occurred_at)
    assert replayed(api, subscription, since=since, until=until) == 2
    assert [one.event_id for one in sent(subscription)] == [events[1].pk, events[2].pk]


def test_examples_are_never_replayed(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    ended(subscription, rows.event(erp, is_example=True), "Failed")
    assert replayed(api, subscription) == 0


def test_billing_is_left_out_for_a_client_without_the_feature(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp, "billing.*", "target.*")
    ended(subscription, rows.event(erp, "billing.event_ready"), "Failed")
    ended(subscription, rows.event(erp), "Failed")
    assert replayed(api, subscription) == 1
    assert sent(subscription)[0].event_type == "target.imported"
    erp.features = [Feature.BILLING_WEBHOOKS.value]
    erp.save()
    assert replayed(api, subscription) == 1


def test_statuses_may_be_chosen_or_null(api: Api, erp: IntegrationClient) -> None:
    subscription = rows.subscription(erp)
    for status in ("Failed", "Cancelled", "Delivered"):
        ended(subscription, rows.event(erp), status)
    counts = [
        replayed(api, subscription, query="?validateOnly=true", statuses=statuses)
        for statuses in (["Failed"], ["Failed", "Failed"], ["Delivered", "Cancelled"], None)
    ]
    assert counts == [1, 1, 2, 2]


def test_too_much_at_once_is_refused_and_told(
    api: Api, erp: IntegrationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = rows.subscription(erp)
    for _ in range(3):
        ended(subscription, rows.event(erp), "Failed")
    monkeypatch.setattr("webhooks.services.replay.MOST_REPLAYED", 2)
    answer = api.post(f"{LIST}/{subscription.pk}/replay", {"since": said(ago(days=1))})
    assert faults(answer) == [("until", "max_value")]
    assert "3 events" in answer.json()["error"]["details"][0]["message"]
    assert Delivery.objects.count() == 3
    assert replayed(api, subscription, query="?validateOnly=true") == 3


def test_a_replay_costs_the_same_however_much_it_sends(
    api: Api, erp: IntegrationClient, django_assert_num_queries: Any
) -> None:
    subscription = rows.subscription(erp)
    path, body = f"{LIST}/{subscription.pk}/replay", {"since": said(ago(days=1))}
    api.post(path, body)
    for number in (1, 30):
        for _ in range(number):
            ended(subscription, rows.event(erp), "Failed")
        # Key, subscription, savepoint, reservation, subscription, count, deliveries, audit entry, release.
        with django_assert_num_queries(9):
            assert api.post(path, body).json()["count"] == number
    assert Event.objects.count() == 31
