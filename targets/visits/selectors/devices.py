"""Which phone asks, and which invitation is meant: found by the digest of a secret."""

import hashlib
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ordinavo.tenants.models import User
from targets.visits.models import Device, Employee, Invitation

# A device that is not used for so long has to log in again; its cookie lives as long.
KEPT = timedelta(days=365)
INVITATION_VALID = timedelta(hours=24)
_OF_ITS_TENANT = Q(employee__user__membership__tenant=F("employee__tenant")) | Q(
    employee__user__membership__tenant=F("employee__tenant__twin_of")
)


def digest_of(secret: str) -> str:
    """Return what is stored in place of a secret; so many random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def working_device(secret: str) -> Device | None:
    """Return the device with its employee, tenant and login, while all are in order: one statement."""
    if not secret:
        return None
    device = (
        Device.objects.filter(
            _OF_ITS_TENANT,
            digest=digest_of(secret),
            signed_out_at=None,
            employee__active=True,
            employee__user__is_active=True,
            last_seen_at__gt=timezone.now() - KEPT,
        )
        .select_related("employee__tenant", "employee__user")
        .first()
    )
    if device is None or not is_of_login(device.login_hash, device.employee.user):
        return None
    return device


def is_of_login(login_hash: str, user: User | None) -> bool:
    """Whether a device logged in as this user, with the password that they have now."""
    if user is None or not user.is_active:
        return False
    known = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(login_hash, one) for one in known)


def open_invitation(secret: str) -> Invitation | None:
    """Return an invitation that can be used now, with its employee, tenant and login."""
    rows = Invitation.objects.filter(
        digest=digest_of(secret),
        used_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
        employee__active=True,
        employee__user__is_active=True,
    )
    return rows.select_related("employee__tenant", "employee__user").first()


def employee_of(user: User) -> Employee | None:
    """Return the employee who logs in as this user, if they are still sent to customers."""
    mine = Q(tenant__memberships__user=user) | Q(tenant__twin_of__memberships__user=user)
    return Employee.objects.filter(mine, user=user, active=True).select_related("tenant", "user").first()


def is_open(invitation: Invitation) -> bool:
    """Whether an invitation still works."""
    return (
        invitation.used_at is None
        and invitation.withdrawn_at is None
        and invitation.expires_at > timezone.now()
    )


def last_invitation(employee: Employee) -> Invitation | None:
    """Return the newest invitation of an employee."""
    return Invitation.objects.filter(employee=employee).select_related("created_by").order_by("-id").first()


def has_devices(employee: Employee) -> bool:
    """Whether an employee is logged in anywhere."""
    return Device.objects.filter(employee=employee, signed_out_at=None).exists()
