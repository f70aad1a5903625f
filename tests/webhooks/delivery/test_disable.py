"""A subscription goes off with its open deliveries, and those who must know are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import ManagerNotice
from tests.webhooks import rows
from tests.webhooks.delivery.landing import TOOK, claimed, recorded, result
from webhooks.delivery.disable import disable
from webhooks.delivery.record import record
from webhooks.models import Delivery, Subscription

pytestmark = pytest.mark.django_db

NOW = timezone.now()
Reason = Subscription.DisabledReason


@pytest.fixture
def of(erp: IntegrationClient) -> Subscription:
    return rows.subscription(erp, description="Yard board")


def _delivery(of: Subscription, **fields: Any) -> Delivery:
    return rows.delivery(of, rows.event(of.client), **{"due_at": NOW - timedelta(seconds=1), **fields})


def _statuses(of: Subscription) -> list[str]:
    return list(Delivery.objects.filter(subscription=of).order_by("id").values_list("status", flat=True))


def _states(of: Subscription) -> tuple[Any, ...]:
    of.refresh_from_db()
    return of.active, of.disabled_reason, of.disabled_at, of.deleted_at


def test_pausing_cancels_what_is_open_except_what_was_asked_for_by_hand(of: Subscription) -> None:
    done = {"due_at": None, "finished_at": NOW}
    _delivery(of)
    _delivery(of, status="Retrying")
    _delivery(of, by_hand=True)
    _delivery(of, status="Delivered", **done)
    _delivery(of, status="Failed", **done)
    other = rows.subscription(of.client)
    _delivery(other)
    assert disable(of, Reason.PAUSED, now=NOW)
    assert (of.active, of.disabled_reason) == (False, "paused")
    assert _states(of) == (False, "paused", NOW, None)
    assert _statuses(of) == ["Cancelled", "Cancelled", "Pending", "Delivered", "Failed"]
    assert _statuses(other) == ["Pending"]
    assert not ManagerNotice.objects.exists()


def test_deleting_cancels_everything_and_hides_the_subscription(of: Subscription) -> None:
    _delivery(of)
    _delivery(of, by_hand=True)
    assert disable(of, Reason.DELETED, now=NOW)
    assert _states(of) == (False, "deleted", NOW, NOW)
    assert _statuses(of) == ["Cancelled", "Cancelled"]


def test_what_is_off_stays_off_for_its_first_reason_but_can_be_deleted(of: Subscription) -> None:
    later = NOW + timedelta(hours=1)
    disable(of, Reason.PAUSED, now=NOW)
    assert not disable(of, Reason.GONE, now=later)
    assert _states(of) == (False, "paused", NOW, None)
    assert disable(of, Reason.DELETED, now=later)
    assert not disable(of, Reason.DELETED, now=later + timedelta(hours=1))
    assert _states(of) == (False, "deleted", later, later)
    assert not ManagerNotice.objects.exists()


def test_410_switches_the_subscription_off_and_tells_the_managers(of: Subscription) -> None:
    first, second = _delivery(of), _delivery(of)
    mine = next(one for one in claimed(of, now=NOW) if one.delivery_id == first.id)
    record([result(mine, now=NOW, status=410)])
    assert _states(of) == (False, "gone", NOW + TOOK, None)
    assert _statuses(of) == ["Failed", "Cancelled"]
    second.refresh_from_db()
    assert second.attempt_count == 0
    notice = ManagerNotice.objects.get()
    assert (notice.tenant, notice.kind) == (of.tenant, "subscription.disabled")
    assert notice.title == "A webhook was switched off: its receiver is gone"
    assert notice.link == f"/admin/webhooks/subscription/{of.pk}/change/"
    assert "Yard board" in notice.text
    assert of.url not in notice.text


def test_410_to_what_was_asked_for_on_a_paused_subscription_changes_nothing(of: Subscription) -> None:
    disable(of, Reason.PAUSED, now=NOW)
    _delivery(of, by_hand=True)
    recorded(of, now=NOW, status=410)
    assert _states(of) == (False, "paused", NOW, None)
    assert _statuses(of) == ["Failed"]
    assert not ManagerNotice.objects.exists()


def test_five_days_of_nothing_but_failure_switch_it_off(of: Subscription) -> None:
    since = NOW + TOOK - timedelta(days=5)
    Subscription.objects.update(failing_since=since + timedelta(seconds=1), failure_streak=9)
    _delivery(of)
    recorded(of, now=NOW, status=500)
    assert _states(of) == (True, "", None, None)
    Subscription.objects.update(failing_since=since)
    _delivery(of)
    recorded(of, now=NOW, status=500)
    assert _states(of) == (False, "failing", NOW + TOOK, None)
    assert _statuses(of) == ["Cancelled", "Cancelled"]
    assert ManagerNotice.objects.get().title == "A webhook was switched off: five days of nothing but failure"


def test_a_success_on_the_fifth_day_keeps_it_on(of: Subscription) -> None:
    Subscription.objects.update(failing_since=NOW - timedelta(days=9), failure_streak=9)
    _delivery(of)
    recorded(of, now=NOW)
    assert _states(of) == (True, "", None, None)
    assert (of.failing_since, of.failure_streak) == (None, 0)
