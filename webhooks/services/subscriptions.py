"""Where clients want to be told: create, change and delete subscriptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.kernel.errors import Conflict, Detail, DomainError, ValidationFailed
from ordinavo.kernel.outbound.urls import refuse_url
from ordinavo.kernel.saving import INVALID_FIELDS
from ordinavo.tenants.models import User
from webhooks.delivery.disable import disable
from webhooks.models import Subscription
from webhooks.services.event_types import checked_event_types, require_billing
from webhooks.services.locking import locked, note_change
from webhooks.services.secrets import made_secret

MOST_SUBSCRIPTIONS = 100
Reason = Subscription.DisabledReason

# The payload options by their columns, as a subscription has them that says nothing of them.
DEFAULT_OPTIONS = {
    "customer_context": True,
    "contact_details": False,
    "summary_preview": False,
    "billing_details": False,
}


@transaction.atomic
def create_subscription(
    *,
    client: IntegrationClient,
    url: str,
    event_types: Sequence[str],
    description: str = "",
    active: bool = True,
    options: Mapping[str, bool] | None = None,
    actor: User | None = None,
) -> tuple[Subscription, str]:
    """Return a new subscription of the client and its secret; `options` are those of `DEFAULT_OPTIONS`.

    Raises `ValidationFailed` for a URL that may not be called or an unknown event type, `FeatureDisabled` for
    billing without the feature, `Conflict` for a client that has `MOST_SUBSCRIPTIONS` already.
    """
    secret, token = made_secret()
    subscription = Subscription(
        tenant=client.tenant,
        client=client,
        url=_checked_url(url),
        description=description,
        event_types=checked_event_types(event_types, client=client),
        secret_token=token,
        **({} if active else _paused()),
    )
    _set_options(subscription, {**DEFAULT_OPTIONS, **(options or {})})
    _require_room(client)
    subscription.save(force_insert=True)
    note_change(subscription, actor=actor, verb="created", eventTypes=subscription.event_types)
    return subscription, secret


@transaction.atomic
def change_subscription(
    *,
    subscription: Subscription,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    description: str | None = None,
    active: bool | None = None,
    options: Mapping[str, bool] | None = None,
    actor: User | None = None,
) -> Subscription:
    """Return the subscription with what is given changed, and the rest as it was.

    Switching it off cancels open deliveries; switching it on, or another URL, forgets past failures. Raises
    like `create_subscription`, and `NotFound` for a deleted subscription.
    """
    current = locked(subscription)
    before = dict(current.__dict__)
    _set_options(current, options or {})
    if url is not None:
        _move(current, url)
    if event_types is not None:
        current.event_types = checked_event_types(event_types, client=current.client)
    if description is not None:
        current.description = description
    if active and not current.active:
        _switch_on(current)
    _save_changes(current, before, actor)
    if active is False and current.active:
        _pause(current, actor)
    return current


@transaction.atomic
def delete_subscription(*, subscription: Subscription, actor: User | None = None) -> None:
    """Switch a subscription off for good and hide it; its deliveries stay readable, open ones are cancelled.

    Raises `NotFound` for one that is deleted already.
    """
    current = locked(subscription)
    disable(current, Reason.DELETED, now=timezone.now())
    note_change(current, actor=actor, verb="deleted")


def _save_changes(current: Subscription, before: Mapping[str, object], actor: User | None) -> None:
    names = [field.name for field in Subscription._meta.concrete_fields]
    changed = [name for name in names if name in before and before[name] != current.__dict__[name]]
    if not changed:
        return
    current.save(update_fields=[*changed, "updated_at"])
    note_change(current, actor=actor, verb="activated" if "active" in changed else "changed", fields=changed)


def _checked_url(url: str) -> str:
    try:
        refuse_url(url)
    except DomainError as refused:
        details = [Detail("url", refused.code, refused.message)]
        raise ValidationFailed(INVALID_FIELDS, details=details) from None
    return url


def _move(subscription: Subscription, url: str) -> None:
    if _checked_url(url) != subscription.url:
        subscription.url = url
        _forget_failures(subscription)


def _set_options(subscription: Subscription, options: Mapping[str, bool]) -> None:
    paths = ["payloadOptions.billingDetails"] if options.get("billing_details") else []
    require_billing(subscription.client, paths)
    for column, on in options.items():
        setattr(subscription, column, on)


def _require_room(client: IntegrationClient) -> None:
    # The client's row is the gate: of two that come for the last place, the second one sees the first.
    IntegrationClient.objects.select_for_update(no_key=True).only("id").get(id=client.pk)
    live = Subscription.objects.live().filter(tenant=client.tenant_id, client=client)
    if live.count() >= MOST_SUBSCRIPTIONS:
        message = f"Your client has {MOST_SUBSCRIPTIONS} webhook subscriptions; delete one first."
        raise Conflict(message)


def _paused() -> dict[str, Any]:
    return {"active": False, "disabled_reason": Reason.PAUSED, "disabled_at": timezone.now()}


def _pause(subscription: Subscription, actor: User | None) -> None:
    disable(subscription, Reason.PAUSED, now=timezone.now())
    note_change(subscription, actor=actor, verb="paused")
    subscription.refresh_from_db()


def _switch_on(subscription: Subscription) -> None:
    subscription.active = True
    subscription.disabled_reason, subscription.disabled_at = "", None
    _forget_failures(subscription)


def _forget_failures(subscription: Subscription) -> None:
    subscription.failing_since = subscription.circuit_open_until = None
    subscription.failure_streak = 0
