"""Several dispatchers at once: everything is claimed exactly once, and nobody waits for anybody."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.utils import timezone

from tests import factories
from tests.webhooks import rows
from webhooks.delivery.claim import cancel, claim, look, release
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

DISPATCHERS = 4


def _claim_all(start: Barrier) -> list[UUID]:
    taken: list[UUID] = []
    start.wait()
    try:
        now = timezone.now()
        while rooms := {due.subscription_id: 7 for due in look() if due.ready_at <= now}:
            lease = now + timedelta(seconds=60)
            taken += [found.delivery_id for found in claim(rooms, now=now, lease=lease)]
    finally:
        connections.close_all()
    return taken


def test_each_delivery_is_claimed_by_one_dispatcher_only() -> None:
    client = factories.client(factories.tenant())
    for _ in range(5):
        of = rows.subscription(client)
        for _ in range(60):
            rows.delivery(of, rows.event(client))
    start = Barrier(DISPATCHERS, timeout=30)
    with ThreadPoolExecutor(DISPATCHERS) as pool:
        taken = [one for part in pool.map(_claim_all, [start] * DISPATCHERS) for one in part]
    assert set(Counter(taken).values()) == {1}
    assert set(taken) == set(Delivery.objects.values_list("id", flat=True))


def test_rows_that_somebody_holds_are_passed_over_without_waiting() -> None:
    client = factories.client(factories.tenant())
    of = rows.subscription(client)
    held, free = (rows.delivery(of, rows.event(client)) for _ in range(2))
    now = timezone.now()
    lease = now + timedelta(seconds=30)

    def beside() -> list[UUID]:
        try:
            found = claim({of.pk: 5}, now=now, lease=lease)
            release(found, now=now)
            cancel(claim({of.pk: 5}, now=now, lease=lease), now=now)
            return [one.delivery_id for one in found]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Delivery.objects.select_for_update().get(id=held.id)
        assert pool.submit(beside).result(timeout=5) == [free.id]
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.status, held.due_at) == ("Pending", held.created_at)
    assert free.status == "Cancelled"
