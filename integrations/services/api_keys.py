"""Issue, revoke and rotate API keys. A secret is returned once and kept nowhere."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from integrations import keys
from integrations.models import ApiKey, IntegrationClient
from ordinavo.kernel.errors import Conflict
from ordinavo.kernel.saving import invalid_field, save_new
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit


@transaction.atomic
def issue_key(
    *,
    client: IntegrationClient,
    label: str = "",
    expires_at: datetime | None = None,
    actor: User | None = None,
) -> tuple[ApiKey, str]:
    """Return a new key of the client and its secret.

    Raises `ValidationFailed` for an expiry that is past already.
    """
    if expires_at is not None and expires_at <= timezone.now():
        raise invalid_field("expires_at", "Must lie in the future.")
    key, secret = _new_key(client=client, label=label, expires_at=expires_at)
    _audit(key, actor=actor, action="api_key.issued")
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: User | None = None) -> ApiKey:
    """Close the door to a key for good, at once; a key that is revoked already stays as it is."""
    current = _locked(key)
    if current.revoked_at is None:
        current.revoked_at = timezone.now()
        current.save(update_fields=["revoked_at"])
        _audit(current, actor=actor, action="api_key.revoked")
    return current


@transaction.atomic
def rotate_key(
    *,
    key: ApiKey,
    overlap: timedelta,
    expires_at: datetime | None = None,
    actor: User | None = None,
) -> tuple[ApiKey, str]:
    """Return a new key in place of `key`, and its secret; both work during the overlap.

    The old key never works longer than it would have. `expires_at` is the new key's own. Raises `Conflict`
    for a key that does not work any more, `ValidationFailed` for a negative overlap or a past expiry.
    """
    now = timezone.now()
    if overlap < timedelta(0):
        raise invalid_field("overlap", "Must not be negative.")
    if expires_at is not None and expires_at <= now:
        raise invalid_field("expires_at", "Must lie in the future.")
    old = _locked(key)
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise Conflict("The key does not work any more; issue a new one.")
    ends = now + overlap
    old.expires_at = ends if old.expires_at is None else min(old.expires_at, ends)
    old.save(update_fields=["expires_at"])
    new, secret = _new_key(client=old.client, label=old.label, expires_at=expires_at)
    _audit(new, actor=actor, action="api_key.rotated", replaces=old.visible_start)
    return new, secret


def _new_key(*, client: IntegrationClient, label: str, expires_at: datetime | None) -> tuple[ApiKey, str]:
    secret = keys.new_key(client.environment)
    key = ApiKey(
        client=client,
        label=label,
        digest=keys.digest(secret),
        visible_start=keys.visible_start(secret),
        expires_at=expires_at,
    )
    return save_new(key), secret


def _locked(key: ApiKey) -> ApiKey:
    return ApiKey.objects.select_for_update(of=("self",)).select_related("client__tenant").get(id=key.id)


def _audit(key: ApiKey, *, actor: User | None, action: str, **details: str) -> None:
    record_audit(
        tenant=key.client.tenant,
        actor=actor,
        action=action,
        subject=key,
        details={"client": key.client.name, "key": key.visible_start, **details},
    )
