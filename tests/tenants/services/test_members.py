import pytest

from ordinavo.kernel.errors import Conflict, ValidationFailed
from ordinavo.tenants.models import AuditEntry, Membership, Role, Tenant, User
from ordinavo.tenants.services.members import add_member, change_role
from tests import factories


def _groups(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", Role)
def test_a_member_gets_a_login_and_the_group_of_the_role(tenant: Tenant, role: Role) -> None:
    membership = add_member(
        tenant=tenant, email=" Erika@Example.com ", role=role, password="pw", first_name="Erika"
    )
    user = User.objects.get(email="erika@example.com")
    assert (membership.user, membership.tenant, membership.role) == (user, tenant, role)
    assert user.check_password("pw")
    assert user.first_name == "Erika"
    assert user.is_staff is (role != Role.EMPLOYEE)
    assert not user.is_superuser
    assert _groups(user) == [f"role:{role}"]


def test_without_a_password_a_login_can_not_be_used(tenant: Tenant) -> None:
    user = add_member(tenant=tenant, email="a@example.com", role=Role.SUPPORT).user
    assert not user.has_usable_password()


def test_a_login_without_a_tenant_is_taken_as_it_is(tenant: Tenant) -> None:
    user = User.objects.create_user("a@example.com", "old")
    membership = add_member(tenant=tenant, email="A@example.com", role=Role.ADMIN, password="new")
    assert membership.user == user
    assert membership.user.check_password("old")


def test_a_person_has_one_tenant_only(tenant: Tenant) -> None:
    add_member(tenant=tenant, email="a@example.com", role=Role.SUPPORT)
    with pytest.raises(Conflict, match="works for a tenant already"):
        add_member(tenant=factories.tenant(), email="a@example.com", role=Role.ADMIN)
    assert _groups(User.objects.get()) == ["role:support"]


@pytest.mark.parametrize("email", ["", "a", "a@", "a b@example.com"])
def test_a_bad_address_is_refused_and_nothing_is_made(tenant: Tenant, email: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        add_member(tenant=tenant, email=email, role=Role.ADMIN)
    assert refusal.value.details[0].path == "email"
    assert not User.objects.exists()


def test_nobody_is_a_member_of_a_test_twin(tenant: Tenant) -> None:
    with pytest.raises(ValidationFailed):
        add_member(tenant=factories.twin(tenant), email="a@example.com", role=Role.ADMIN)
    assert not User.objects.exists()
    assert not Membership.objects.exists()


def test_the_group_and_the_right_to_enter_follow_the_role(tenant: Tenant) -> None:
    membership = add_member(tenant=tenant, email="a@example.com", role=Role.MANAGER)
    changed = change_role(membership=membership, role=Role.EMPLOYEE)
    assert changed.role == Role.EMPLOYEE
    user = User.objects.get()
    assert (_groups(user), user.is_staff) == (["role:employee"], False)
    change_role(membership=membership, role=Role.ADMIN)
    user.refresh_from_db()
    assert (_groups(user), user.is_staff) == (["role:admin"], True)


def test_changes_are_written_down_once_with_who_made_them(tenant: Tenant) -> None:
    actor = User.objects.create_superuser("root@example.com", "pw")
    membership = add_member(tenant=tenant, email="a@example.com", role=Role.MANAGER, actor=actor)
    for _ in range(2):
        change_role(membership=membership, role=Role.SUPPORT, actor=actor)
    assert list(
        AuditEntry.objects.order_by("id").values_list("action", "actor", "subject_id", "details")
    ) == [
        ("member.added", actor.id, membership.id, {"role": "manager"}),
        ("member.role_changed", actor.id, membership.id, {"from": "manager", "to": "support"}),
    ]


def test_an_operator_may_enter_whatever_the_role(tenant: Tenant) -> None:
    operator = User.objects.create_superuser("root@example.com", "pw")
    add_member(tenant=tenant, email="root@example.com", role=Role.EMPLOYEE)
    operator.refresh_from_db()
    assert operator.is_staff
