"""Letting employees into MyDay: a link that works once, for a day, with which they set their password."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ordinavo.kernel.errors import Conflict, NotFound
from ordinavo.kernel.saving import invalid_field, validate
from ordinavo.tenants.models import Membership, Role, Tenant, User
from ordinavo.tenants.services.audit import record_audit
from ordinavo.tenants.services.lockout import unlock
from ordinavo.tenants.services.members import add_member
from targets.visits.models import Device, Employee, Invitation
from targets.visits.selectors.devices import INVITATION_VALID, digest_of, open_invitation
from targets.visits.services.devices import SECRET_BYTES, sign_in, sign_out_everywhere
from targets.visits.services.locking import lock_employees

TAKEN = (
    "There is a login with this address already. If it is this person's, choose it as the employee's login"
    " instead."
)
NOT_THEIRS = (
    "This person's login is not an employee's own, so an invitation may not set its password. They log in to"
    " MyDay with the password that they have."
)
SWITCHED_OFF = "This person's login is switched off. An administrator can switch it on under People."
NO_LONGER = "This link does not work any more."


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an employee chooses with an invitation; `device` is how the browser calls itself."""

    password: str
    language: str
    device: str


@transaction.atomic
def invite_employee(*, employee: Employee, email: str, actor: User | None) -> tuple[Invitation, str]:
    """Return a new invitation and its secret, which is kept nowhere; older ones are withdrawn.

    `email` is what the employee will log in with: the login is made, or gets another address. Raises
    `ValidationFailed` for an address that is bad or taken, `Conflict` for those who left and for staff: an
    invitation sets a password, so nobody gets one for a login that opens the admin.
    """
    current = _locked(employee)
    if not current.active:
        raise Conflict("This employee is not active. Switch “active” on first.")
    _give_login(current, email, actor=actor)
    _withdraw(current)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        employee=current,
        digest=digest_of(secret),
        created_by=actor,
        expires_at=timezone.now() + INVITATION_VALID,
    )
    _record("employee.invited", current, actor)
    return invitation, secret


@transaction.atomic
def withdraw_invitations(*, employee: Employee, actor: User | None) -> int:
    """Let no open invitation of an employee work any more; return how many there were."""
    number = _withdraw(_locked(employee))
    if number:
        _record("employee.invitation_withdrawn", employee, actor)
    return number


@transaction.atomic
def accept_invitation(*, secret: str, welcome: Welcome) -> tuple[Device, str]:
    """Set the password and language, and return a device that is logged in, with its secret.

    All other devices are signed out, and failed attempts to log in are forgotten. Raises `NotFound` for an
    invitation that does not work (any more) and `ValidationFailed` for a weak password.
    """
    found = open_invitation(secret)
    if found is None:
        raise NotFound(NO_LONGER)
    employee = _locked(found.employee)
    # Of two who use the link at once, the second one finds it used.
    used = Invitation.objects.filter(pk=found.pk, used_at=None, withdrawn_at=None)
    if not _is_invitable(employee) or not used.update(used_at=timezone.now()):
        raise NotFound(NO_LONGER)
    user = employee.user
    assert user is not None  # noqa: S101  open_invitation found an active one
    _set_password(user, welcome.password)
    employee.language = welcome.language
    employee.save(update_fields=["language", "updated_at"])
    sign_out_everywhere(employee=employee, actor=user)
    unlock(user=user, actor=user)
    _record("employee.invitation_used", employee, user)
    return sign_in(employee=employee, name=welcome.device)


def owner_of(tenant: Tenant) -> Tenant:
    """Return the tenant that people belong to: the live one also for a test twin."""
    return tenant.twin_of or tenant


def _give_login(employee: Employee, email: str, *, actor: User | None) -> None:
    address = email.strip().lower()
    owner = User.objects.filter(email=address).first()
    if owner is not None and owner.pk != employee.user_id:
        raise invalid_field("email", TAKEN)
    if employee.user is None:
        first, _, last = employee.name.partition(" ")
        member = add_member(
            tenant=owner_of(employee.tenant),
            email=address,
            role=Role.EMPLOYEE,
            first_name=first[:150],
            last_name=last[:150],
            actor=actor,
        )
        employee.user = member.user
        employee.save(update_fields=["user", "updated_at"])
    elif not employee.user.is_active:
        raise Conflict(SWITCHED_OFF)
    elif not _is_invitable(employee):
        raise Conflict(NOT_THEIRS)
    elif employee.user.email != address:
        employee.user.email = address
        validate(employee.user)
        employee.user.save(update_fields=["email"])


def _is_invitable(employee: Employee) -> bool:
    user = employee.user
    if user is None or user.is_staff or user.is_superuser or not user.is_active:
        return False
    members = Membership.objects.filter(user=user, tenant=owner_of(employee.tenant), role=Role.EMPLOYEE)
    return members.exists()


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise invalid_field("password", " ".join(refusal.messages)) from refusal
    user.set_password(password)
    user.save(update_fields=["password"])


def _withdraw(employee: Employee) -> int:
    rows = Invitation.objects.filter(employee=employee, used_at=None, withdrawn_at=None)
    return rows.update(withdrawn_at=timezone.now())


def _locked(employee: Employee) -> Employee:
    # Two statements: what is joined to a row that had to be waited for would be older than the row.
    lock_employees([employee.pk])
    return Employee.objects.select_related("tenant__twin_of", "user").get(pk=employee.pk)


def _record(action: str, employee: Employee, actor: User | None) -> None:
    login = employee.user.email if employee.user else ""
    record_audit(
        tenant=employee.tenant, actor=actor, action=action, subject=employee, details={"login": login}
    )
