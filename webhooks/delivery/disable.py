"""Switching a subscription off: by its owner, or because its receiver is gone."""

from datetime import datetime

from django.db import transaction

from ordinavo.tenants.services.notices import notify_managers
from webhooks.models import Delivery, Subscription

_Reason = Subscription.DisabledReason
_TITLES = {
    _Reason.GONE: "A webhook was switched off: its receiver is gone",
    _Reason.FAILING: "A webhook was switched off: five days of nothing but failure",
}
_TEXTS = {
    _Reason.GONE: "The receiver answered 410 Gone, which means that nobody is to call it again.",
    _Reason.FAILING: "Every delivery of the last five days failed.",
}


@transaction.atomic
def disable(subscription: Subscription, reason: Subscription.DisabledReason, *, now: datetime) -> bool:
    """Switch a subscription off and cancel its open deliveries; return whether that changed anything.

    What somebody asked for by hand still goes out, unless the subscription is deleted. If its receiver is the
    reason, the tenant's managers are told. The instance is brought up to date.
    """
    deleted = reason == _Reason.DELETED
    # Locked before its deliveries, as everywhere: no deadlocks.
    stored = Subscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)
    off = stored.deleted_at is not None or not (stored.active or deleted)
    if not off:
        _switch_off(stored, reason, now=now)
        _cancel_open(stored, by_hand_too=deleted, now=now)
        if reason in _TITLES:
            _tell_managers(stored, reason)
    for name in ("active", "disabled_reason", "disabled_at", "deleted_at"):
        setattr(subscription, name, getattr(stored, name))
    return not off


def _switch_off(stored: Subscription, reason: Subscription.DisabledReason, *, now: datetime) -> None:
    stored.active, stored.disabled_reason = False, reason
    stored.disabled_at = now
    if reason == _Reason.DELETED:
        stored.deleted_at = now
    stored.save(update_fields=["active", "disabled_reason", "disabled_at", "deleted_at", "updated_at"])


def _cancel_open(stored: Subscription, *, by_hand_too: bool, now: datetime) -> None:
    still_open = Delivery.objects.filter(subscription=stored, status__in=Delivery.OPEN)
    if not by_hand_too:
        still_open = still_open.filter(by_hand=False)
    still_open.update(status=Delivery.Status.CANCELLED, due_at=None, finished_at=now)


def _tell_managers(stored: Subscription, reason: Subscription.DisabledReason) -> None:
    # The name only: an address may hold a token.
    name = stored.description or f"number {stored.pk}"
    notify_managers(
        tenant=stored.tenant,
        kind="subscription.disabled",
        title=_TITLES[reason],
        text=f"Subscription {name} of {stored.client.name} is off. {_TEXTS[reason]}"
        " What it misses meanwhile can be sent later: switch it on again, then replay.",
        link=f"/admin/webhooks/subscription/{stored.pk}/change/",
    )
