"""After thirty days deliveries, attempts and events go; what is still needed stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.models import IntegrationClient
from ordinavo.kernel.ulids import first_ulid
from tests.webhooks import rows
from tests.webhooks.delivery.landing import recorded
from webhooks.delivery import prune as pruning
from webhooks.models import Attempt, Delivery, Event, Subscription
from webhooks.tasks import prune

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def of(erp: IntegrationClient) -> Subscription:
    return rows.subscription(erp)


def _id(days: float) -> UUID:
    """An id that was made so many days ago."""
    return UUID(
        int=first_ulid(NOW - timedelta(days=days)).int + Event.objects.count() + Delivery.objects.count()
    )


def _event(of: Subscription, days: float) -> Event:
    return rows.event(of.client, id=_id(days))


def _delivery(of: Subscription, event: Event, days: float, **fields: Any) -> Delivery:
    done = {"status": "Delivered", "due_at": None, "finished_at": NOW}
    return rows.delivery(of, event, **{"id": _id(days), **done, **fields})


def test_what_is_older_than_thirty_days_goes_with_its_attempts(of: Subscription) -> None:
    old = _delivery(of, _event(of, 30.01), 30.01, status="Pending", due_at=NOW, finished_at=None)
    recorded(of, now=NOW)
    young = _delivery(of, _event(of, 29.99), 29.99, status="Pending", due_at=NOW, finished_at=None)
    recorded(of, now=NOW)
    assert prune() == 3
    assert set(Delivery.objects.values_list("id", flat=True)) == {young.id}
    assert set(Event.objects.values_list("id", flat=True)) == {young.event_id}
    assert set(Attempt.objects.values_list("delivery", flat=True)) == {young.id}
    assert not Event.objects.filter(id=old.event_id).exists()


def test_an_event_lives_as_long_as_its_last_delivery(of: Subscription) -> None:
    event = _event(of, 40)
    first = _delivery(of, event, 40)
    again = _delivery(of, event, 2, redelivery_of=first)
    assert prune() == 1
    again.refresh_from_db()
    assert again.event_id == event.id
    assert again.redelivery_of is None


def test_what_is_still_open_is_never_pruned(of: Subscription) -> None:
    _delivery(of, _event(of, 40), 40, status="Retrying", due_at=NOW, finished_at=None)
    assert prune() == 0
    assert Delivery.objects.count() == Event.objects.count() == 1


def test_many_go_in_small_steps(of: Subscription, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "STEP", 2)
    for _ in range(5):
        _delivery(of, _event(of, 31), 31)
    assert prune() == 10
    assert not Event.objects.exists()


def test_how_long_they_are_kept_is_a_setting(of: Subscription, settings: Settings) -> None:
    _delivery(of, _event(of, 3), 3)
    settings.WEBHOOK_KEPT_DAYS = 2
    assert prune() == 2
