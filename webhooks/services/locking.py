"""What all changes of a subscription share: its lock and its trace."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ordinavo.kernel.errors import NotFound
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from webhooks.models import Subscription


def locked(subscription: Subscription) -> Subscription:
    """Return the subscription as it stands, locked until the transaction ends.

    Raises `NotFound` for one that somebody has deleted meanwhile.
    """
    # Deliveries that are being written refer to the row; only changes have to wait for each other.
    rows = Subscription.objects.live().select_for_update(of=("self",), no_key=True)
    return _standing(rows, subscription)


def reserved(subscription: Subscription, work: str) -> Subscription:
    """Return the subscription as it stands, with this work on it reserved until the transaction ends.

    The row itself is not locked: work may last for seconds, and results of deliveries are recorded in it.
    Raises `NotFound` for one that somebody has deleted meanwhile.
    """
    with connection.cursor() as cursor:
        name = f"{subscription._meta.label}.{work} {subscription.pk}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    return _standing(Subscription.objects.live(), subscription)


def _standing(rows: QuerySet[Subscription], subscription: Subscription) -> Subscription:
    found = rows.select_related("client__tenant", "tenant").filter(id=subscription.pk).first()
    if found is None:
        raise NotFound("There is no webhook subscription with this id.")
    return found


def note_change(subscription: Subscription, *, actor: User | None, verb: str, **details: Any) -> None:
    """Write the change down; a URL may hold a token, so it is never among the details."""
    record_audit(
        tenant=subscription.tenant,
        actor=actor,
        action=f"webhook_subscription.{verb}",
        subject=subscription,
        details={"client": subscription.client.name, **details},
    )
