"""People of a tenant. A person's group follows from their role here and nowhere else."""

from django.contrib.auth.models import Group
from django.db import transaction

from ordinavo.kernel.errors import Conflict
from ordinavo.kernel.saving import save_new, validate
from ordinavo.tenants.models import Membership, Role, Tenant, User
from ordinavo.tenants.services.audit import record_audit

GROUP_PREFIX = "role:"


@transaction.atomic
def add_member(
    *,
    tenant: Tenant,
    email: str,
    role: Role,
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    actor: User | None = None,
) -> Membership:
    """Let a person work for a tenant (and its test twin); makes the login unless there is one.

    Without a password a new login can't be used until one is set; an existing login keeps its own. Raises
    `Conflict` for a person who has a tenant, `ValidationFailed` for a bad address or a test twin.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = _new_user(email=email, password=password, first_name=first_name, last_name=last_name)
    elif Membership.objects.filter(user=user).exists():
        raise Conflict("This person works for a tenant already.")
    membership = save_new(Membership(user=user, tenant=tenant, role=role))
    _follow_role(user, role)
    record_audit(
        tenant=tenant, actor=actor, action="member.added", subject=membership, details={"role": role}
    )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role, actor: User | None = None) -> Membership:
    """Give a member another role, with its group and its right to enter the admin."""
    current = Membership.objects.select_for_update().select_related("user").get(id=membership.id)
    before, current.role = current.role, role
    if before != role:
        validate(current)
        current.save(update_fields=["role"])
        record_audit(
            tenant=current.tenant,
            actor=actor,
            action="member.role_changed",
            subject=current,
            details={"from": before, "to": role},
        )
    _follow_role(current.user, role)
    return current


def _new_user(*, email: str, password: str | None, first_name: str, last_name: str) -> User:
    user = User(email=email.strip().lower(), first_name=first_name, last_name=last_name)
    user.set_password(password)
    return save_new(user)


def _follow_role(user: User, role: str) -> None:
    user.is_staff = user.is_superuser or role != Role.EMPLOYEE
    user.save(update_fields=["is_staff"])
    group, _ = Group.objects.get_or_create(name=f"{GROUP_PREFIX}{role}")
    user.groups.remove(*user.groups.filter(name__startswith=GROUP_PREFIX).exclude(id=group.id))
    user.groups.add(group)
