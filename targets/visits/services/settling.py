"""What becomes of billing events that are ready: the deliveries of `billing.event_ready` decide.

`Sent` at the first 2xx, `Failed` when all deliveries are given up; a later success still makes it `Sent`.
Deliveries that were only cancelled decide nothing: a subscription that is off is like none.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import rounds
from ordinavo.kernel.errors import Conflict, DomainError
from ordinavo.tenants.models import ManagerNotice, Tenant, User
from ordinavo.tenants.services.notices import notify_managers
from targets.visits.events import tell_reports
from targets.visits.models import BillingEvent
from targets.visits.selectors.billing import (
    lock_billing,
    lock_billing_event,
    overlooked_ids,
    told_by,
    undecided_billing,
)
from targets.visits.services.billing import A_STEP, follow, in_parts, make_ready, note, store
from webhooks.catalog.types import BILLING_FAILED, BILLING_SENT
from webhooks.models import Delivery
from webhooks.selectors import fates_of, last_deliveries
from webhooks.services.deliveries import redeliver

Status = BillingEvent.Status
FAILED_NOTICE = "billing.event_failed"
_MISSED = (Delivery.Status.FAILED, Delivery.Status.CANCELLED)


def follow_settled(webhook_event_ids: Collection[UUID]) -> None:
    """Follow deliveries that came to their end, whatever that is; called twice it changes nothing more."""
    in_parts(told_by(webhook_event_ids), _settle)


def settle_overlooked(*, size: int = A_STEP) -> int:
    """Look at the next events of a round; follow what nobody followed, since a process died just then.

    The beat's work. Returns how many changed.
    """
    looked_at = rounds.step("billing.undecided", undecided_billing(), size=size)
    return in_parts(overlooked_ids(looked_at), _settle)


@transaction.atomic
def tell_again(*, tenant: Tenant, event_id: int, actor: User | None) -> int:
    """Send what was missed once more, or say anew that it is ready; return how many deliveries were missed.

    Deliveries that failed or were cancelled are sent again (the same webhook event). Where there are none,
    because nobody was subscribed or they are not kept any more, a new event says so, and 0 is returned.
    Raises `NotFound`, and `Conflict` if it is pending, sent, on its way, or nobody is subscribed.
    """
    event = lock_billing_event(tenant=tenant, event_id=event_id)
    if event.status == Status.PENDING:
        raise Conflict("It is not ready yet: customer or minutes are not known.")
    if event.status == Status.SENT:
        raise Conflict("It is sent already.")
    again = _redeliver(event, actor)
    if not again:
        before = event.ready_event
        make_ready([event])
        if event.ready_event == before:
            raise Conflict("Nobody is subscribed to billing.event_ready: add a subscription first.")
    note(event, "told_again", actor, redeliveries=again)
    return again


@transaction.atomic
def mark_sent(*, tenant: Tenant, event_id: int, actor: User | None) -> BillingEvent:
    """Write down that somebody has billed it by hand, and tell that it is sent.

    Raises `NotFound`, and `Conflict` if it is sent already.
    """
    event = lock_billing_event(tenant=tenant, event_id=event_id)
    if event.status == Status.SENT:
        raise Conflict("It is sent already.")
    note(event, "marked_sent", actor, was=event.status)
    event.marked_by = actor
    store([event], "marked_by_id")
    _end([event], Status.SENT)
    return event


def fate_of(statuses: Collection[str]) -> Status | None:
    """Return what the statuses of an event's deliveries mean for it; None while that is open."""
    if Delivery.Status.DELIVERED in statuses:
        return Status.SENT
    if Delivery.Status.FAILED in statuses and not set(Delivery.OPEN).intersection(statuses):
        return Status.FAILED
    return None


@transaction.atomic
def _settle(event_ids: Collection[int]) -> int:
    events = lock_billing(event_ids, Status.READY, Status.FAILED)
    # Read once the events are locked: of two who settle at once, the second one sees more.
    fates = fates_of([event.ready_event for event in events if event.ready_event is not None])
    found = {event: fate_of(fates.get(event.ready_event, ())) for event in events if event.ready_event}
    changed = {event: fate for event, fate in found.items() if fate not in {None, event.status}}
    sent = [event for event, fate in changed.items() if fate == Status.SENT]
    failed = [event for event, fate in changed.items() if fate == Status.FAILED]
    _end(sent, Status.SENT)
    _end(failed, Status.FAILED)
    for tenant in {event.tenant for event in failed}:
        _warn(tenant)
    return len(changed)


def _end(events: Sequence[BillingEvent], status: Status) -> None:
    now = timezone.now()
    column, kind = {
        Status.SENT: ("sent_at", BILLING_SENT),
        Status.FAILED: ("failed_at", BILLING_FAILED),
    }[status]
    for event in events:
        event.status = status
        setattr(event, column, now)
    store(events, "status", column)
    follow(events)
    tell_reports([event.report for event in events], kind)


def _redeliver(event: BillingEvent, actor: User | None) -> int:
    last = [] if event.ready_event is None else last_deliveries(event.ready_event)
    if any(delivery.status not in _MISSED for delivery in last):
        raise Conflict("It is on its way, or has just arrived: see its deliveries.")
    return sum(_sent_again(delivery, actor) for delivery in last)


def _sent_again(delivery: Delivery, actor: User | None) -> bool:
    """A subscription that was deleted, or may not be told of billing any more, is passed over."""
    try:
        redeliver(delivery=delivery, actor=actor)
    except DomainError:
        return False
    return True


def _warn(tenant: Tenant) -> None:
    """One open notice is enough for all."""
    if ManagerNotice.objects.filter(tenant=tenant, kind=FAILED_NOTICE, done_at=None).exists():
        return
    notify_managers(
        tenant=tenant,
        kind=FAILED_NOTICE,
        title="Billing events did not reach their receiver",
        text="All attempts failed. Once the receiver is mended, send them again or mark them as sent.",
        # As a text: the engine that calls us knows no pages.
        link="/admin/visits/billingevent/?status=Failed",
    )
