"""The second factor of staff: an authenticator app, and recovery codes for the day on which it is gone."""

import hashlib
import secrets
from base64 import b32encode
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import crypto
from ordinavo.kernel.errors import Conflict
from ordinavo.kernel.saving import invalid_field
from ordinavo.tenants import totp
from ordinavo.tenants.doors import RecoveryCode, SecondFactor
from ordinavo.tenants.models import User
from ordinavo.tenants.services import lockout
from ordinavo.tenants.services.audit import record_audit
from ordinavo.tenants.staff import home_of

RECOVERY_CODES = 10
# 80 random bits need no slow hash.
_CODE_BYTES = 10
_BEGUN_KEPT = timedelta(hours=1)
WRONG = "This code is not right. Codes change every 30 seconds; check the clock of your phone."


def factor_of(user: User) -> SecondFactor | None:
    """Return a person's confirmed second factor."""
    factor = getattr(user, "second_factor", None)
    return factor if factor is not None and factor.confirmed_at is not None else None


def is_required(user: User) -> bool:
    """Whether a person must have one: by the setting of their tenant, operators by the environment's."""
    if user.is_superuser and settings.OPERATORS_SECOND_FACTOR:
        return True
    home = home_of(user)
    return home is not None and home.requires_second_factor


def begin(*, user: User) -> SecondFactor:
    """Return the factor that a person is about to set up: the same one for an hour, then another one."""
    # A secret that lay about on some screen must not become the one that counts.
    old = timezone.now() - _BEGUN_KEPT
    SecondFactor.objects.filter(user=user, confirmed_at=None, created_at__lt=old).delete()
    factor, _ = SecondFactor.objects.get_or_create(
        user=user, defaults={"secret": crypto.encrypt(totp.new_secret())}
    )
    if factor.confirmed_at is not None:
        raise Conflict("You have a second factor already.")
    return factor


@transaction.atomic
def confirm(*, user: User, code: str) -> list[str]:
    """Let a factor count from now on, since its app shows the right code; return the recovery codes, once.

    Raises `ValidationFailed` for a wrong code and `Conflict` where nothing was begun.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Conflict("Nothing is being set up.")
    step = totp.matching_step(secret_of(factor), _plain(code), seconds=timezone.now().timestamp())
    if step is None:
        raise invalid_field("code", WRONG)
    factor.confirmed_at, factor.last_step = timezone.now(), step
    factor.save(update_fields=["confirmed_at", "last_step"])
    _record(user, user, "second_factor.set_up")
    return _make_codes(factor)


def check(*, user: User, code: str) -> SecondFactor:
    """Return the factor if the code is the app's present one or an unused recovery code: each works once.

    Raises `ValidationFailed` for any other, and while too many have failed.
    """
    factor, door = factor_of(user), lockout.code_door(user=user)
    if factor is None:
        raise Conflict("There is no second factor to ask for.")
    if not lockout.knock(door=door):
        raise invalid_field("code", lockout.LOCKED)
    if not (_is_apps(factor, _plain(code)) or _is_recovery(factor, _plain(code))):
        raise invalid_field("code", WRONG)
    lockout.forget(door=door)
    return factor


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Replace a person's recovery codes; return the new ones, once."""
    factor = factor_of(user)
    if factor is None:
        raise Conflict("There is no second factor to recover.")
    _record(user, user, "second_factor.codes_renewed")
    return _make_codes(factor)


@transaction.atomic
def remove(*, user: User, actor: User | None) -> bool:
    """Take a person's second factor away, with its recovery codes and its lock; False if there is none.

    Raises `Conflict` for one's own where it is required: somebody else must help.
    """
    if actor == user and is_required(user):
        raise Conflict("You are required to have a second factor.")
    deleted, _ = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).delete()
    if not deleted:
        return False
    lockout.forget(door=lockout.code_door(user=user))
    _record(user, actor, "second_factor.removed")
    return True


def secret_of(factor: SecondFactor) -> bytes:
    """Return the secret that the app shares."""
    return crypto.decrypt(bytes(factor.secret))


def _is_apps(factor: SecondFactor, code: str) -> bool:
    step = totp.matching_step(secret_of(factor), code, seconds=timezone.now().timestamp())
    if step is None:
        return False
    # Of two who send the same code at once one is refused.
    unseen = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(unseen.update(last_step=step))


@transaction.atomic
def _is_recovery(factor: SecondFactor, code: str) -> bool:
    unused = RecoveryCode.objects.filter(factor=factor, digest=_digest(code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    left = factor.recovery_codes.filter(used_at=None).count()
    _record(factor.user, factor.user, "second_factor.recovery_code_used", left=left)
    return True


def _make_codes(factor: SecondFactor) -> list[str]:
    codes = [b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _plain(code: str) -> str:
    """Return what counts of what was typed: apps show spaces, we show hyphens."""
    return "".join(letter for letter in code.lower() if letter.isascii() and letter.isalnum())


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _record(user: User, actor: User | None, action: str, **details: int) -> None:
    record_audit(tenant=home_of(user), actor=actor, action=action, subject=user, details=details)
