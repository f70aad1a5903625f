"""Events by the hundred, on their way to receivers that note what arrives."""

from collections import Counter

from django.utils import timezone

from ordinavo.kernel.json_text import json_text
from ordinavo.kernel.sets import insert_rows
from ordinavo.kernel.ulids import new_ulids, shown_ulid
from tests import factories
from tests.kernel.outbound.receivers import Receiver
from tests.webhooks import rows
from tests.webhooks.beside import event_ids
from webhooks.models import Attempt, Delivery, Event


class Outbox:
    """The subscriptions of a new client, all to one receiver, and the events for them. Nobody rings."""

    def __init__(self, receiver: Receiver, *, subscriptions: int) -> None:
        self.receiver = receiver
        self.client = factories.client(factories.tenant())
        self.subscriptions = [rows.subscription(self.client, url=receiver.url) for _ in range(subscriptions)]

    def publish(self, count: int) -> None:
        """Store so many events, each for one subscription in turn, as a transaction that publishes does."""
        now = timezone.now().isoformat()
        ids = new_ulids(count)
        snapshot = json_text({"target": {"id": 1, "externalId": "T-1", "title": "Visit"}})
        insert_rows(Event, [self._event(pk, now, snapshot) for pk in ids])
        insert_rows(Delivery, [self._delivery(pk, turn, now) for turn, pk in enumerate(ids)])

    def _event(self, pk: object, now: str, snapshot: str) -> dict[str, object]:
        return {
            "id": pk,
            "tenant_id": self.client.tenant_id,
            "source_system_id": self.client.source_system_id,
            "type": "target.imported",
            "occurred_at": now,
            "correlation_id": "corr-1",
            "subject_type": "",
            "snapshot": snapshot,
            "is_example": False,
        }

    def _delivery(self, pk: object, turn: int, now: str) -> dict[str, object]:
        return {
            # As good an id as any: one delivery for each event.
            "id": pk,
            "tenant_id": self.client.tenant_id,
            "client_id": self.client.pk,
            "subscription_id": self.subscriptions[turn % len(self.subscriptions)].pk,
            "event_id": pk,
            "event_type": "target.imported",
            "status": "Pending",
            "attempt_count": 0,
            "due_at": now,
            "by_hand": False,
            "created_at": now,
        }

    def delivered(self) -> set[str]:
        """The public ids of events whose delivery is recorded."""
        done = Delivery.objects.filter(client=self.client, status=Delivery.Status.DELIVERED)
        return {shown_ulid(Event.PREFIX, pk) for pk in done.values_list("event_id", flat=True)}

    def is_done(self) -> bool:
        """Whether nothing is open any more."""
        return not Delivery.objects.filter(client=self.client, status__in=Delivery.OPEN).exists()

    def arrivals(self) -> dict[str, int]:
        """How often each event arrived."""
        return Counter(event_ids(self.receiver))

    def assert_all_arrived(self, *, once: bool) -> None:
        """Every event arrived, perhaps exactly once, and every delivery says so."""
        stored = set(Event.objects.filter(tenant=self.client.tenant_id).values_list("id", flat=True))
        arrivals = self.arrivals()
        assert set(arrivals) == {shown_ulid(Event.PREFIX, pk) for pk in stored} == self.delivered()
        if once:
            assert set(arrivals.values()) == {1}

    def attempts(self) -> int:
        """How many attempts are recorded."""
        return Attempt.objects.filter(tenant=self.client.tenant_id).count()
