"""Phones on which employees are logged in: signing them in and out."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import User
from ordinavo.tenants.services.audit import record_audit
from targets.visits.models import Device, Employee
from targets.visits.selectors.devices import digest_of

SECRET_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)


def sign_in(*, employee: Employee, name: str) -> tuple[Device, str]:
    """Return a new device of an employee and its secret, which is kept nowhere.

    The caller has made sure of who it is. Raises `Conflict` for an employee without a login.
    """
    if employee.user is None:
        raise Conflict("This employee has no login yet.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    device = Device.objects.create(
        employee=employee,
        digest=digest_of(secret),
        login_hash=employee.user.get_session_auth_hash(),
        name=name[:100],
        last_seen_at=timezone.now(),
    )
    return device, secret


def note_seen(*, device: Device) -> bool:
    """Write down that a device is in use, at most once a minute; return whether that was due."""
    now = timezone.now()
    if device.last_seen_at is not None and device.last_seen_at > now - SEEN_EVERY:
        return False
    due = Q(last_seen_at=None) | Q(last_seen_at__lte=now - SEEN_EVERY)
    Device.objects.filter(due, pk=device.pk).update(last_seen_at=now)
    return True


@transaction.atomic
def sign_out_device(*, device: Device, actor: User | None) -> bool:
    """Let a device ask for the password again, from its next request on; False if it was out already.

    `actor` is whoever did it: the employee's own login, or a member of staff.
    """
    if not Device.objects.filter(pk=device.pk, signed_out_at=None).update(signed_out_at=timezone.now()):
        return False
    record_audit(
        tenant=device.employee.tenant,
        actor=actor,
        action="device.signed_out",
        subject=device,
        details={"employee": device.employee.name, "device": device.name},
    )
    return True


@transaction.atomic
def sign_out_everywhere(*, employee: Employee, actor: User | None) -> int:
    """Sign out all devices of an employee; return how many there were."""
    number = Device.objects.filter(employee=employee, signed_out_at=None).update(signed_out_at=timezone.now())
    if number:
        record_audit(
            tenant=employee.tenant,
            actor=actor,
            action="employee.signed_out_everywhere",
            subject=employee,
            details={"devices": number},
        )
    return number
