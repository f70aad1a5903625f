"""Reading subscriptions and deliveries, by tenant and client."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import NotFound
from webhooks.models import Attempt, Delivery, Event, Subscription

# An id and the time beside it are made one after the other, perhaps by clocks that differ.
CLOCK_SKEW = timedelta(minutes=1)
MOST_SHOWN = 100


def subscriptions_of(client: IntegrationClient) -> QuerySet[Subscription]:
    """Return the client's subscriptions that nobody deleted."""
    return Subscription.objects.live().filter(tenant=client.tenant_id, client=client)


def subscription_of(*, client: IntegrationClient, subscription_id: int) -> Subscription:
    """Return a live subscription of this client, linked to it; any other one is not found."""
    subscription = subscriptions_of(client).filter(id=subscription_id).first()
    if subscription is None:
        raise NotFound("There is no webhook subscription with this id.")
    subscription.client, subscription.tenant = client, client.tenant
    return subscription


def deliveries_of(client: IntegrationClient) -> QuerySet[Delivery]:
    """Return the client's deliveries with their events, but without what the events say.

    Those of deleted subscriptions stay readable.
    """
    rows = Delivery.objects.filter(tenant=client.tenant_id, client=client)
    return rows.select_related("event").defer("event__snapshot")


def delivery_of(*, client: IntegrationClient, delivery_id: UUID) -> Delivery:
    """Return a delivery to this client; any other one is not found."""
    delivery = deliveries_of(client).filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound("There is no webhook delivery with this id.")
    return delivery


def attempts_of(delivery: Delivery) -> QuerySet[Attempt]:
    """Return the attempts of a delivery, the first one first."""
    return Attempt.objects.filter(tenant=delivery.tenant_id, delivery=delivery).order_by("id")


def newest_events(
    tenant_id: int, event_type: str, *, subject_type: str, subject_ids: Collection[int]
) -> dict[int, UUID]:
    """Return the newest event of a type about each subject: one statement; not told of is left out."""
    rows = Event.objects.filter(tenant=tenant_id, subject_type=subject_type, subject_id__in=subject_ids)
    newest = rows.filter(type=event_type).order_by("subject_id", "-id").distinct("subject_id")
    return {pk: event_id for pk, event_id in newest.values_list("subject_id", "id") if pk is not None}


def fates_of(event_ids: Collection[UUID]) -> Mapping[UUID, set[str]]:
    """Return which statuses the deliveries of events have, redeliveries too: one statement."""
    rows = Delivery.objects.filter(event__in=event_ids).order_by().values_list("event_id", "status")
    fates: dict[UUID, set[str]] = defaultdict(set)
    for event_id, status in rows.distinct():
        fates[event_id].add(status)
    return fates


def last_deliveries(event_id: UUID) -> list[Delivery]:
    """Return the last delivery of an event to each subscription."""
    rows = Delivery.objects.filter(event=event_id).order_by("subscription_id", "-id")
    return list(rows.distinct("subscription_id"))


def deliveries_about(tenant_id: int, event_id: UUID) -> list[Delivery]:
    """Return the newest deliveries of an event, with their subscriptions."""
    rows = Delivery.objects.filter(tenant=tenant_id, event=event_id).select_related("subscription")
    return list(rows.order_by("-id")[:MOST_SHOWN])
