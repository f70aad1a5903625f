"""What is due is taken once, in turn, and at the same cost however much is stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel.json_text import json_text
from tests.webhooks import rows
from webhooks.delivery import claim as claiming
from webhooks.delivery.claim import Claim, cancel, claim, look, release
from webhooks.models import Delivery, Subscription

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LEASE = NOW + timedelta(seconds=30)


def _due(of: Subscription, client: IntegrationClient, seconds: float = -1, **fields: Any) -> Delivery:
    """A delivery that falls due so many seconds from now."""
    due_at = NOW + timedelta(seconds=seconds)
    return rows.delivery(of, rows.event(client), **{"due_at": due_at, **fields})


def _done(of: Subscription, client: IntegrationClient, status: str = "Delivered") -> Delivery:
    return _due(of, client, status=status, due_at=None, finished_at=NOW)


def _claim(rooms: dict[int, int]) -> list[Claim]:
    return claim(rooms, now=NOW, lease=LEASE)


def test_a_look_finds_every_subscription_with_open_deliveries_and_their_first_due_time(
    erp: IntegrationClient,
) -> None:
    early, late, done, none = (rows.subscription(erp) for _ in range(4))
    for seconds in (5, -7, 20):
        _due(early, erp, seconds)
    _due(late, erp, 60, status="Retrying")
    for status in ("Delivered", "Failed", "Cancelled"):
        _done(done, erp, status)
    found = {due.subscription_id: due.first_at for due in look()}
    assert found == {early.pk: NOW - timedelta(seconds=7), late.pk: NOW + timedelta(seconds=60)}
    assert none.pk not in found


def test_an_open_circuit_moves_the_time_when_something_may_be_sent(erp: IntegrationClient) -> None:
    opened = rows.subscription(erp, circuit_open_until=NOW + timedelta(seconds=9))
    _due(opened, erp)
    (due,) = look()
    assert (due.circuit_open_until, due.ready_at) == (opened.circuit_open_until, opened.circuit_open_until)


def test_a_claim_takes_the_oldest_that_are_due_and_moves_them_on_by_the_lease(erp: IntegrationClient) -> None:
    first, second = rows.subscription(erp), rows.subscription(erp)
    mine = [_due(first, erp, seconds) for seconds in (-1, -3, -2, 1)]
    other = _due(second, erp, -1, status="Retrying", attempt_count=4, by_hand=True)
    done = _done(first, erp)
    claims = _claim({first.pk: 2, second.pk: 5})
    assert {taken.delivery_id for taken in claims} == {mine[1].id, mine[2].id, other.id}
    due = dict(Delivery.objects.values_list("id", "due_at"))
    assert [due[row.id] for row in (*mine, other)] == [mine[0].due_at, LEASE, LEASE, mine[3].due_at, LEASE]
    assert due[done.id] is None


def test_a_claim_brings_the_event_along(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    told = _due(of, erp, attempt_count=3, by_hand=True)
    event = told.event
    assert _claim({of.pk: 1}) == [
        Claim(
            delivery_id=told.id,
            tenant_id=erp.tenant_id,
            subscription_id=of.pk,
            attempt_count=3,
            by_hand=True,
            lease=LEASE,
            event_id=event.id,
            event_type="target.imported",
            occurred_at=event.occurred_at,
            correlation_id="corr-1",
            snapshot=json_text(event.snapshot),
            is_example=False,
        )
    ]


def test_what_is_claimed_is_not_claimed_again_before_the_lease_is_over(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    _due(of, erp)
    assert len(_claim({of.pk: 9})) == 1
    assert claim({of.pk: 9}, now=LEASE - timedelta(microseconds=1), lease=LEASE) == []
    later = LEASE + timedelta(seconds=30)
    assert [taken.lease for taken in claim({of.pk: 9}, now=LEASE, lease=later)] == [later]


def test_who_is_not_named_and_who_has_no_room_is_left_alone(erp: IntegrationClient) -> None:
    named, other = rows.subscription(erp), rows.subscription(erp)
    _due(named, erp)
    _due(other, erp)
    assert _claim({named.pk: 0}) == []
    assert _claim({}) == []


def test_what_was_not_sent_is_given_back_and_due_at_once(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    for seconds in (-2, -1):
        _due(of, erp, seconds)
    claims = _claim({of.pk: 2})
    release(claims[:1], now=NOW)
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {NOW, LEASE}
    release([], now=NOW)


def test_a_claim_that_does_not_hold_any_more_gives_nothing_back(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    told = _due(of, erp)
    claims = _claim({of.pk: 1})
    later = LEASE + timedelta(seconds=30)
    claim({of.pk: 1}, now=LEASE, lease=later)
    release(claims, now=NOW)
    cancel(claims, now=NOW)
    told.refresh_from_db()
    assert (told.status, told.due_at) == ("Pending", later)


def test_what_nobody_wants_any_more_is_cancelled(erp: IntegrationClient) -> None:
    of = rows.subscription(erp)
    told = _due(of, erp)
    cancel(_claim({of.pk: 1}), now=NOW)
    told.refresh_from_db()
    assert (told.status, told.due_at, told.finished_at) == ("Cancelled", None, NOW)


def _plan(statement: str, parameters: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE webhooks_delivery, webhooks_event, webhooks_subscription")
        cursor.execute("EXPLAIN " + statement, parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_both_statements_go_through_the_index_of_what_is_open_and_read_no_table_from_end_to_end(
    erp: IntegrationClient,
) -> None:
    of = rows.subscription(erp)
    event = rows.event(erp)
    old = [
        Delivery(
            tenant=erp.tenant, client=erp, subscription=of, event=event, event_type=event.type,
            status="Delivered", created_at=NOW, finished_at=NOW,
        )
        for _ in range(5000)
    ]  # fmt: skip
    Delivery.objects.bulk_create(old)
    _due(of, erp)
    look_plan = _plan(claiming._LOOK, [])
    claim_plan = _plan(claiming._CLAIM, [[of.pk], [10], NOW, LEASE])
    for plan in (look_plan, claim_plan):
        assert "delivery_due" in plan
        assert "Seq Scan on webhooks_delivery" not in plan
    assert "webhooks_delivery_pkey" in claim_plan
