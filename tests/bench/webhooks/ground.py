"""Who subscribes, what happens to them, and what is left to deliver."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from django.db import connection, transaction

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from tests import factories
from tests.bench.webhooks.receivers import Receivers, wait_until
from webhooks.catalog.examples import example_snapshot
from webhooks.catalog.types import TARGET_IMPORTED
from webhooks.models import Delivery, Event, Subscription
from webhooks.services.publish import Audience, Occurrence, audience_of, publish_event, publish_events
from webhooks.services.subscriptions import create_subscription

SNAPSHOT = example_snapshot(TARGET_IMPORTED)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was committed at `at` (seconds of `time.monotonic`) and that `client` is told of."""

    client: int
    at: float


def first_bytes_after(changes: Mapping[str, Change], receivers: Receivers) -> dict[str, float]:
    """Return the milliseconds from commit to first byte, of those that have come; all by correlation id."""
    seen = receivers.first_seen()
    events = Event.objects.filter(correlation_id__in=changes).only("id", "correlation_id")
    came = {event.correlation_id: seen.get(event.public_id.lower()) for event in events}
    return {mark: 1000 * (at - changes[mark].at) for mark, at in came.items() if at is not None}


def clients_told_at(urls: Iterable[str]) -> list[IntegrationClient]:
    """Return clients with a source system and a subscription each, one for each address."""
    tenant = factories.tenant()
    return [_client(tenant, url) for url in urls]


def happen(clients: Sequence[IntegrationClient], each: int) -> float:
    """Commit one change after which every client is owed so many events; return when it was committed."""
    committed: list[float] = []
    with transaction.atomic():
        # Before the bell of the first event, so the first thing after the commit.
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        for client in clients:
            publish_events(_audience(client), [Occurrence(TARGET_IMPORTED, SNAPSHOT)] * each)
    return committed[0]


def happen_paced(
    clients: Sequence[IntegrationClient], *, per_second: float, seconds: float
) -> dict[str, Change]:
    """Commit one change after the other, each for the next client, evenly over the time."""
    changes: dict[str, Change] = {}
    began = time.monotonic()
    for number in range(int(per_second * seconds)):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        _happen_once(clients[number % len(clients)], f"paced-{next(_numbers)}", changes)
    return changes


def wait_for_records(seconds: float = 300) -> float:
    """Wait until no delivery is open any more, and return when that was seen."""
    wait_until(lambda: not _is_owed(), seconds=seconds, what="all deliveries were recorded")
    return time.monotonic()


def forget() -> None:
    """Empty the tables of what happened, and let every subscription be as new."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE webhooks_event, webhooks_delivery, webhooks_attempt")
    Subscription.objects.update(
        active=True,
        disabled_reason="",
        disabled_at=None,
        failing_since=None,
        failure_streak=0,
        last_success_at=None,
        circuit_open_until=None,
    )


def _client(tenant: Tenant, url: str) -> IntegrationClient:
    client = factories.client(tenant, source=f"system_{next(_numbers)}")
    create_subscription(client=client, url=url, event_types=["target.*"])
    return client


def _audience(client: IntegrationClient) -> Audience:
    return audience_of(tenant_id=client.tenant_id, source_system_id=client.source_system_id)


def _happen_once(client: IntegrationClient, mark: str, changes: dict[str, Change]) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: changes.update({mark: Change(client.pk, time.monotonic())}))
        publish_event(_audience(client), Occurrence(TARGET_IMPORTED, SNAPSHOT, correlation_id=mark))


def _is_owed() -> bool:
    return Delivery.objects.filter(status__in=Delivery.OPEN).exists()
