"""Where deliveries go, as it is at this moment: address, secrets, and what the subscription may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from integrations.models import Feature
from integrations.scopes import Scope
from ordinavo.kernel.crypto import decrypt
from webhooks.models import Subscription
from webhooks.payload.shape import Options

_READ = """
SELECT subscription.id, subscription.url, tenant.slug, subscription.active AND client.active,
    subscription.deleted_at IS NOT NULL, client.scopes, client.features,
    subscription.customer_context, subscription.contact_details, subscription.summary_preview,
    subscription.billing_details, subscription.secret_token,
    CASE WHEN subscription.previous_secret_expires_at > %s::timestamptz
        THEN subscription.previous_secret_token END
FROM webhooks_subscription AS subscription
JOIN integrations_integrationclient AS client ON client.id = subscription.client_id
JOIN tenants_tenant AS tenant ON tenant.id = subscription.tenant_id
WHERE subscription.id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Receiver:
    """What is needed to write to a subscription. `secrets` are in plain, the newest first.

    `is_on` is false where the subscription or its client is switched off.
    """

    url: str
    tenant_slug: str
    is_on: bool
    is_deleted: bool
    options: Options
    secrets: tuple[str, ...]

    def wants(self, *, by_hand: bool) -> bool:
        """Whether a delivery is to be sent; what somebody asked for also while the subscription is off."""
        return not self.is_deleted and (self.is_on or by_hand)


def receivers(subscription_ids: Collection[int], *, now: datetime) -> dict[int, Receiver]:
    """Return the receivers of these subscriptions; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [now, list(subscription_ids)])
        return {row[0]: _receiver(row[1:]) for row in cursor.fetchall()}


def receiver_of(subscription: Subscription, *, now: datetime) -> Receiver:
    """Return the receiver of one subscription."""
    return receivers([subscription.pk], now=now)[subscription.pk]


def _receiver(row: Sequence[Any]) -> Receiver:
    url, slug, is_on, is_deleted, scopes, features, context, contact, summary, billing, *tokens = row
    return Receiver(
        url=url,
        tenant_slug=slug,
        is_on=is_on,
        is_deleted=is_deleted,
        options=Options(
            customers_read=Scope.CUSTOMERS_READ in scopes,
            customer_context=context,
            contact_details=contact,
            summary_preview=summary,
            billing_details=billing and Feature.BILLING_WEBHOOKS in features,
        ),
        secrets=tuple(_secret(bytes(token)) for token in tokens if token is not None),
    )


@lru_cache(maxsize=4096)
def _secret(token: bytes) -> str:
    # Deciphering costs more than signing; a token never changes its meaning.
    return decrypt(token).decode()
