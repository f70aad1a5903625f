"""The second factor: set up, shown, recovered, taken away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from ordinavo.kernel.errors import Conflict, ValidationFailed
from ordinavo.tenants import totp
from ordinavo.tenants.doors import RecoveryCode, SecondFactor
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services import lockout, second_factor
from ordinavo.tenants.services.members import add_member


@pytest.fixture
def anna(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="anna@x.example", role=Role.ADMIN).user


def code_now(user: User, *, steps: int = 0) -> str:
    secret = second_factor.secret_of(SecondFactor.objects.get(user=user))
    return totp.code_of(secret, totp.step_at(timezone.now().timestamp()) + steps)


def wrong_code(user: User) -> str:
    near = {code_now(user, steps=step) for step in range(-2, 3)}
    return next(
        code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in near
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def set_up(user: User) -> list[str]:
    second_factor.begin(user=user)
    codes = second_factor.confirm(user=user, code=code_now(user))
    # The code just shown must not stand in the way of the next one.
    SecondFactor.objects.filter(user=user).update(last_step=0)
    return codes


def actions() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="second_factor").order_by("id")
    return list(found.values_list("action", flat=True))


def test_it_counts_only_once_the_app_has_shown_a_right_code(anna: User, tenant: Tenant) -> None:
    second_factor.begin(user=anna)
    assert second_factor.factor_of(fresh(anna)) is None
    with pytest.raises(ValidationFailed) as refusal:
        second_factor.confirm(user=anna, code=wrong_code(anna))
    assert refusal.value.details[0].path == "code"
    assert actions() == []

    codes = second_factor.confirm(user=anna, code=f" {code_now(anna)[:3]} {code_now(anna)[3:]} ")

    assert second_factor.factor_of(fresh(anna)) is not None
    assert len(set(codes)) == 10
    entry = AuditEntry.objects.get(action="second_factor.set_up")
    assert (entry.tenant, entry.actor, entry.subject_id) == (tenant, anna, anna.pk)


def test_beginning_twice_shows_the_same_secret_for_an_hour(anna: User) -> None:
    first = second_factor.secret_of(second_factor.begin(user=anna))
    assert second_factor.secret_of(second_factor.begin(user=anna)) == first
    SecondFactor.objects.update(created_at=timezone.now() - timedelta(minutes=61))

    assert second_factor.secret_of(second_factor.begin(user=anna)) != first


def test_one_that_counts_is_not_begun_again(anna: User) -> None:
    set_up(anna)

    with pytest.raises(Conflict):
        second_factor.begin(user=anna)
    with pytest.raises(Conflict):
        second_factor.confirm(user=anna, code=code_now(anna))


def test_a_code_of_the_app_is_taken_once(anna: User) -> None:
    set_up(anna)
    code = code_now(anna)
    assert second_factor.check(user=fresh(anna), code=code)

    with pytest.raises(ValidationFailed):
        second_factor.check(user=fresh(anna), code=code)


def test_the_code_that_set_it_up_does_not_log_in_as_well(anna: User) -> None:
    second_factor.begin(user=anna)
    code = code_now(anna)
    second_factor.confirm(user=anna, code=code)

    with pytest.raises(ValidationFailed):
        second_factor.check(user=fresh(anna), code=code)


def test_a_recovery_code_is_taken_once_with_or_without_hyphens(anna: User) -> None:
    first, second, *_ = set_up(anna)
    assert second_factor.check(user=fresh(anna), code=first.upper())
    assert second_factor.check(user=fresh(anna), code=second.replace("-", " "))

    with pytest.raises(ValidationFailed):
        second_factor.check(user=fresh(anna), code=first)

    assert actions()[1:] == ["second_factor.recovery_code_used"] * 2
    assert AuditEntry.objects.order_by("-id")[0].details == {"left": 8}


def test_nobody_uses_the_codes_of_another(anna: User, tenant: Tenant) -> None:
    ben = add_member(tenant=tenant, email="ben@x.example", role=Role.ADMIN).user
    codes = set_up(anna)
    set_up(ben)

    with pytest.raises(ValidationFailed):
        second_factor.check(user=fresh(ben), code=codes[0])


def test_five_wrong_codes_lock_and_the_right_one_is_refused_then(anna: User) -> None:
    set_up(anna)
    for _ in range(5):
        with pytest.raises(ValidationFailed):
            second_factor.check(user=fresh(anna), code=wrong_code(anna))

    with pytest.raises(ValidationFailed) as refusal:
        second_factor.check(user=fresh(anna), code=code_now(anna))

    assert refusal.value.details[0].message == lockout.LOCKED
    assert lockout.is_locked_somewhere(user=anna)


def test_new_recovery_codes_end_the_old_ones(anna: User) -> None:
    old = set_up(anna)
    new = second_factor.renew_codes(user=fresh(anna))

    with pytest.raises(ValidationFailed):
        second_factor.check(user=fresh(anna), code=old[0])
    assert second_factor.check(user=fresh(anna), code=new[0])
    assert RecoveryCode.objects.count() == 10
    assert actions()[1] == "second_factor.codes_renewed"


def test_removing_takes_codes_and_lock_along_and_says_who_did_it(anna: User, tenant: Tenant) -> None:
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.ADMIN).user
    set_up(anna)

    assert second_factor.remove(user=anna, actor=boss) is True
    assert second_factor.remove(user=anna, actor=boss) is False

    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert AuditEntry.objects.get(action="second_factor.removed").actor == boss


def test_nobody_removes_their_own_where_it_is_required(anna: User, tenant: Tenant) -> None:
    set_up(anna)
    Tenant.objects.filter(pk=tenant.pk).update(requires_second_factor=True)
    me = fresh(anna)

    with pytest.raises(Conflict):
        second_factor.remove(user=me, actor=me)

    assert SecondFactor.objects.exists()


def test_the_tenant_requires_it_of_its_people_and_the_environment_of_operators(
    anna: User, tenant: Tenant
) -> None:
    operator = User.objects.create_superuser("operator@x.example")
    assert not second_factor.is_required(anna)
    Tenant.objects.filter(pk=tenant.pk).update(requires_second_factor=True)

    assert second_factor.is_required(fresh(anna))
    for setting in (False, True):
        with override_settings(OPERATORS_SECOND_FACTOR=setting):
            assert second_factor.is_required(fresh(operator)) is setting


def test_the_database_holds_neither_secret_nor_codes(anna: User) -> None:
    codes = set_up(anna)
    secret = second_factor.secret_of(SecondFactor.objects.get())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f::text FROM tenants_secondfactor f UNION ALL SELECT r::text FROM tenants_recoverycode r"
        )
        lines = "".join(line for (line,) in cursor.fetchall())

    plain = codes[0].replace("-", "")
    for hidden in (secret.hex(), totp.as_text(secret), plain, plain.encode().hex()):
        assert hidden not in lines
