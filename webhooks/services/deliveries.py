"""What is sent because somebody asked for it: an example, or an event once more."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import correlation
from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import User
from webhooks import bell
from webhooks.catalog.examples import example_snapshot
from webhooks.catalog.types import EVENT_TYPES, TEST
from webhooks.delivery.health import let_probe
from webhooks.models import Delivery, Event, Subscription
from webhooks.services.event_types import checked_event_type, require_billing
from webhooks.services.locking import locked, note_change


@transaction.atomic
def send_test(*, subscription: Subscription, event_type: str = TEST, actor: User | None = None) -> Delivery:
    """Return a delivery of an example of the type to this subscription only, whether or not it is on.

    Raises `NotFound` for a deleted subscription, `ValidationFailed` for an unknown type, `FeatureDisabled`
    for billing without the feature.
    """
    current, now = locked(subscription), timezone.now()
    event = Event.objects.create(
        tenant=current.tenant,
        client=current.client,
        type=checked_event_type(event_type, client=current.client, path="eventType"),
        occurred_at=now,
        correlation_id=correlation.correlation_id.get(),
        snapshot=example_snapshot(event_type),
        is_example=True,
    )
    delivery = _promise(current, event, now)
    note_change(current, actor=actor, verb="tested", eventType=event_type, delivery=delivery.public_id)
    return delivery


@transaction.atomic
def redeliver(*, delivery: Delivery, actor: User | None = None) -> Delivery:
    """Return a new delivery of the same event, sent soon, whether or not the subscription is on.

    Raises `Conflict` if the subscription is deleted or the event is not kept any more, `FeatureDisabled` for
    billing without the feature.
    """
    subscription = Subscription.objects.live().filter(id=delivery.subscription_id).first()
    if subscription is None:
        raise Conflict("The subscription of this delivery was deleted.")
    # Locked before its delivery, as everywhere: no deadlocks. What is locked is not pruned.
    current = locked(subscription)
    held = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related("event")
    original = held.defer("event__snapshot").filter(id=delivery.pk).first()
    if original is None:
        raise Conflict("This delivery is not kept any more.")
    require_billing(current.client, [""] if EVENT_TYPES[original.event_type].is_billing else [])
    again = _promise(current, original.event, timezone.now(), redelivery_of=original)
    facts = {"delivery": again.public_id, "redeliveryOf": original.public_id}
    note_change(current, actor=actor, verb="redelivered", **facts)
    return again


def _promise(
    subscription: Subscription, event: Event, now: datetime, *, redelivery_of: Delivery | None = None
) -> Delivery:
    delivery = Delivery.objects.create(
        tenant=subscription.tenant,
        client=subscription.client,
        subscription=subscription,
        event=event,
        event_type=event.type,
        due_at=now,
        by_hand=True,
        redelivery_of=redelivery_of,
        created_at=now,
    )
    let_probe(subscription)
    transaction.on_commit(bell.ring, robust=True)
    return delivery
