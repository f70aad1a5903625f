"""The secrets that sign deliveries: made here, shown once, kept encrypted."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import crypto
from ordinavo.kernel.saving import invalid_field
from ordinavo.tenants.models import User
from webhooks.delivery.signing import new_secret
from webhooks.models import Subscription
from webhooks.services.locking import locked, note_change

LONGEST_OVERLAP = timedelta(days=7)
_COLUMNS = ["secret_token", "previous_secret_token", "previous_secret_expires_at", "updated_at"]


def made_secret() -> tuple[str, bytes]:
    """Return a new secret and how it is kept."""
    secret = new_secret()
    return secret, crypto.encrypt(secret.encode())


@transaction.atomic
def rotate_secret(
    *, subscription: Subscription, overlap: timedelta, actor: User | None = None
) -> tuple[Subscription, str]:
    """Return the subscription with a new secret, and that secret; the old one signs too during the overlap.

    An overlap of nothing drops the old secret at once. Whatever older one there still was is dropped. Raises
    `NotFound` for a deleted subscription, `ValidationFailed` for an overlap that is negative or over 7 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise invalid_field("overlapSeconds", "Must lie between nothing and seven days.")
    current = locked(subscription)
    kept, ends = (bytes(current.secret_token), timezone.now() + overlap) if overlap else (None, None)
    current.previous_secret_token, current.previous_secret_expires_at = kept, ends
    secret, current.secret_token = made_secret()
    current.save(update_fields=_COLUMNS)
    note_change(current, actor=actor, verb="secret_rotated", overlapSeconds=int(overlap.total_seconds()))
    return current, secret


@transaction.atomic
def end_overlap(*, subscription: Subscription, actor: User | None = None) -> Subscription:
    """Stop signing with the secret before the last rotation; without one nothing changes.

    Raises `NotFound` for a deleted subscription.
    """
    current = locked(subscription)
    if current.previous_secret_token is not None:
        current.previous_secret_token = current.previous_secret_expires_at = None
        current.save(update_fields=_COLUMNS)
        note_change(current, actor=actor, verb="overlap_ended")
    return current
