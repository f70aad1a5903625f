"""Two at once, with connections and transactions of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, DomainError, NotFound
from tests import factories
from tests.imports.waiting import Waiting
from tests.webhooks import rows
from webhooks.models import Delivery, Subscription
from webhooks.services.replay import replay
from webhooks.services.secrets import rotate_secret
from webhooks.services.subscriptions import (
    MOST_SUBSCRIPTIONS,
    change_subscription,
    create_subscription,
    delete_subscription,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Call all at the same moment; results and refusals in their order."""
    start = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def client() -> IntegrationClient:
    return factories.client(factories.tenant())


def test_only_one_gets_the_last_place(client: IntegrationClient) -> None:
    for _ in range(MOST_SUBSCRIPTIONS - 1):
        rows.subscription(client)

    def subscribe() -> Any:
        return create_subscription(client=client, url="https://erp.example.com/", event_types=["target.*"])

    results = together(*[subscribe] * 4)
    assert [type(result) for result in results].count(Conflict) == 3
    assert Subscription.objects.count() == MOST_SUBSCRIPTIONS


def test_of_two_equal_replays_one_sends(client: IntegrationClient) -> None:
    subscription, now = rows.subscription(client), timezone.now()
    for _ in range(50):
        rows.delivery(subscription, rows.event(client), status="Failed", due_at=None, finished_at=now)
    since = now - timedelta(hours=1)
    until = timezone.now()

    def send() -> int:
        return replay(subscription=subscription, since=since, until=until)

    assert sorted(together(send, send)) == [0, 50]
    assert Delivery.objects.filter(by_hand=True).count() == 50


def test_what_is_pruned_at_that_moment_is_not_sent_again(client: IntegrationClient) -> None:
    subscription, now = rows.subscription(client), timezone.now()
    pruned, kept = rows.event(client), rows.event(client)
    for event in (pruned, kept):
        rows.delivery(subscription, event, status="Failed", due_at=None, finished_at=now)
    until = timezone.now()

    def send() -> int:
        return replay(subscription=subscription, since=now - timedelta(hours=1), until=until)

    replaying = Waiting(send)
    with transaction.atomic():
        pruned.deliveries.all().delete()
        pruned.delete()
        replaying.start()
    assert replaying.answer() == 1
    assert Delivery.objects.get(by_hand=True).event == kept


def test_two_rotations_at_once_leave_the_two_newest_secrets(client: IntegrationClient) -> None:
    subscription = rows.subscription(client)

    def rotate() -> str:
        return rotate_secret(subscription=subscription, overlap=timedelta(hours=1))[1]

    secrets = together(rotate, rotate)
    subscription.refresh_from_db()
    assert {subscription.secret, subscription.previous_secret} == set(secrets)


def test_whoever_comes_after_a_deletion_finds_nothing(client: IntegrationClient) -> None:
    subscription = rows.subscription(client)
    delete_subscription(subscription=subscription)
    for late in (
        lambda: delete_subscription(subscription=subscription),
        lambda: change_subscription(subscription=subscription, active=True),
        lambda: rotate_secret(subscription=subscription, overlap=timedelta(0)),
    ):
        assert isinstance(together(late)[0], NotFound)
    stored = Subscription.objects.get()
    assert (stored.active, stored.disabled_reason) == (False, "deleted")
