"""Who guesses is locked out for a while: one account, from one network.

An attempt is counted before the password is looked at, so that many at once are no more than many in a row; a
good one wipes the count. The rows outlive restarts. A stranger locks out nobody else: the owner comes from
another network.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ordinavo.kernel.proxies import caller_address
from ordinavo.tenants.doors import FailedLogins
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from ordinavo.tenants.staff import home_of

log = structlog.get_logger("ordinavo.tenants")

MOST_FAILURES = 5
COOL_OFF = timedelta(minutes=15)
KEPT = timedelta(days=1)
LOCKED = (
    "Too many failed attempts. Wait 15 minutes and try again, or ask an administrator to unlock your account."
)

# While the count is full and fresh nothing is changed and no row comes back: more attempts don't lengthen it.
_KNOCK = """
INSERT INTO tenants_failedlogins AS f (account, network, user_id, failures, last_at)
VALUES (%(account)s, %(network)s, (SELECT id FROM tenants_user WHERE email = %(email)s), 1, %(now)s)
ON CONFLICT (account, network) DO UPDATE
SET failures = CASE WHEN f.last_at <= %(stale)s THEN 1 ELSE f.failures + 1 END, last_at = %(now)s
WHERE f.failures < %(most)s OR f.last_at <= %(stale)s
RETURNING failures
"""


@dataclass(frozen=True, slots=True)
class Door:
    """What is locked: an account seen from a network, or from anywhere if that is empty."""

    account: bytes
    network: str
    email: str = ""


def login_door(*, email: str, request: HttpRequest | None) -> Door:
    """Return the door of a password, also for an address that nobody has."""
    plain = email.strip().lower()[:254]
    address = caller_address(request) if request is not None else ""
    return Door(account=_digest(f"login:{plain}"), network=network_of(address), email=plain)


def code_door(*, user: User) -> Door:
    """Return the door of a second factor, one for all networks: who gets here knows the password."""
    return Door(account=_digest(f"code:{user.pk}"), network="", email=user.email)


def network_of(address: str) -> str:
    """Return an IPv4 address as it is and the /64 of an IPv6 one, which one caller has whole."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def knock(*, door: Door) -> bool:
    """Count an attempt; False if too many failed already: then don't look at what was typed."""
    now = timezone.now()
    values: dict[str, Any] = {
        "account": door.account,
        "network": door.network,
        "email": door.email,
        "now": now,
        "stale": now - COOL_OFF,
        "most": MOST_FAILURES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOCK, values)
        counted = cursor.fetchone()
    if counted is None:
        log.warning("login_locked")
    return counted is not None


def forget(*, door: Door) -> None:
    """Wipe the count after a good attempt."""
    FailedLogins.objects.filter(account=door.account, network=door.network).delete()


def is_locked(*, door: Door) -> bool:
    """Whether the next attempt would be refused."""
    return locked_rows().filter(account=door.account, network=door.network).exists()


def is_locked_somewhere(*, user: User) -> bool:
    """Whether a person is locked out from some network, or at the second factor."""
    return locked_rows().filter(user=user).exists()


@transaction.atomic
def unlock(*, user: User, actor: User | None) -> bool:
    """Wipe all that was counted for a person; False, and nothing is recorded, if nothing was."""
    wiped, _ = FailedLogins.objects.filter(user=user).delete()
    if not wiped:
        return False
    record_audit(tenant=home_of(user), actor=actor, action="user.unlocked", subject=user)
    return True


def locked_rows() -> QuerySet[FailedLogins]:
    """Return the counts that are full and fresh."""
    return FailedLogins.objects.filter(failures__gte=MOST_FAILURES, last_at__gt=timezone.now() - COOL_OFF)


def prune() -> int:
    """Delete counts that have long ceased to matter; return how many."""
    deleted, _ = FailedLogins.objects.filter(last_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _digest(name: str) -> bytes:
    # Keyed: people also type passwords where an address belongs, and the table must not tell them.
    return hmac.digest(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256)
