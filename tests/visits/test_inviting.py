"""Invitations: who gets one, what it opens, how often, and how long."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from ordinavo.kernel.errors import Conflict, NotFound, ValidationFailed
from ordinavo.tenants.models import AuditEntry, Membership, Role, Tenant, User
from ordinavo.tenants.services.lockout import MOST_FAILURES
from ordinavo.tenants.services.members import add_member, change_role
from targets.visits.models import Device, Employee, Invitation
from targets.visits.services.inviting import (
    Welcome,
    accept_invitation,
    invite_employee,
    withdraw_invitations,
)
from tests import factories
from tests.visits.phones import PASSWORD, holding, phone, with_login
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db

PAGE, ACCOUNT = "/myday/invitation/", "/myday/account/"
CHOSEN = {"password": PASSWORD, "again": PASSWORD, "language": "de"}
OVER = "This link does not work any more"


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return employee(tenant, name="Ada Berg")


@pytest.fixture
def boss(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="boss@x.example", role=Role.MANAGER, password=PASSWORD).user


def invited(one: Employee, email: str = "ada@x.example", actor: User | None = None) -> str:
    _, secret = invite_employee(employee=one, email=email, actor=actor)
    return secret


def use(secret: str, **given: str) -> Any:
    return Client().post(PAGE, {**CHOSEN, "key": secret, **given})


def is_over(secret: str) -> bool:
    shown, used = Client().get(f"{PAGE}?key={quote(secret)}"), use(secret)
    assert shown.status_code == used.status_code
    return used.status_code == 404 and OVER in shown.content.decode() and OVER in used.content.decode()


def test_an_invitation_makes_a_login_that_opens_nothing_but_myday(ada: Employee, boss: User) -> None:
    secret = invited(ada, " Ada@X.example ", actor=boss)

    ada.refresh_from_db()
    assert ada.user is not None
    membership = Membership.objects.get(user=ada.user)
    assert (ada.user.email, ada.user.first_name, ada.user.last_name) == ("ada@x.example", "Ada", "Berg")
    assert (membership.tenant, membership.role) == (ada.tenant, Role.EMPLOYEE)
    assert (ada.user.is_staff, ada.user.has_usable_password()) == (False, False)
    row = Invitation.objects.get()
    assert timedelta(hours=23, minutes=59) < row.expires_at - timezone.now() <= timedelta(hours=24)
    assert len(secret) == 43
    assert secret not in str(Invitation.objects.values().get())


def test_the_link_lets_the_employee_choose_and_logs_in_this_device(ada: Employee) -> None:
    secret = invited(ada)
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605"})

    page = browser.get(f"{PAGE}?key={secret}")
    answer = browser.post(PAGE, {**CHOSEN, "key": secret})

    assert "Welcome, Ada Berg" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert (answer.status_code, answer.headers["Location"]) == (302, "/myday/")
    assert '<html lang="de">' in browser.get(ACCOUNT).content.decode()
    device = Device.objects.get()
    ada.refresh_from_db()
    assert (device.name, ada.language) == ("Safari on iPhone", "de")
    assert ada.user is not None
    assert ada.user.check_password(PASSWORD)
    assert ada.user.last_login is not None


def test_looking_at_the_link_does_not_use_it_up_but_using_it_does(ada: Employee) -> None:
    secret = invited(ada)
    for _ in range(3):
        assert Client().get(f"{PAGE}?key={secret}").status_code == 200
        assert Client().head(f"{PAGE}?key={secret}").status_code == 200

    assert use(secret).status_code == 302

    assert is_over(secret)
    assert Device.objects.count() == 1


def late(secret: str, one: Employee) -> None:
    Invitation.objects.update(expires_at=timezone.now())


def withdrawn(secret: str, one: Employee) -> None:
    assert withdraw_invitations(employee=one, actor=None) == 1
    assert withdraw_invitations(employee=one, actor=None) == 0


def followed_by_a_newer_one(secret: str, one: Employee) -> None:
    one.refresh_from_db()
    invited(one)


def for_somebody_who_left(secret: str, one: Employee) -> None:
    Employee.objects.update(active=False)


def for_a_login_that_was_switched_off(secret: str, one: Employee) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize(
    "made",
    [
        late,
        withdrawn,
        followed_by_a_newer_one,
        for_somebody_who_left,
        for_a_login_that_was_switched_off,
    ],
)
def test_an_invitation_does_not_work_when_it_is(made: Any, ada: Employee) -> None:
    secret = invited(ada)

    made(secret, ada)

    assert is_over(secret)
    assert not Device.objects.exists()
    assert not User.objects.filter(password__startswith="md5").exists()


@pytest.mark.parametrize("secret", ["", "nonsense", "é", "x" * 5000])
def test_a_made_up_secret_opens_nothing(secret: str, ada: Employee) -> None:
    invited(ada)

    assert is_over(secret)


def test_what_is_stored_does_not_open_the_door(ada: Employee) -> None:
    invited(ada)

    assert is_over(Invitation.objects.get().digest)


def test_the_secret_stands_in_no_line_of_the_log(ada: Employee, caplog: pytest.LogCaptureFixture) -> None:
    secret = invited(ada)

    page = Client().get(f"{PAGE}?key={secret}")
    use(secret)

    assert "/myday/invitation/" in caplog.text
    assert secret not in caplog.text
    # Nor do logs of a proxy learn it from requests for the page's styles and scripts.
    assert page.headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("weak", ["short", "12345678901", "password1", "ada@x.example"])
def test_a_weak_password_is_refused_with_a_sentence_and_the_link_works_on(weak: str, ada: Employee) -> None:
    secret = invited(ada)

    answer = use(secret, password=weak, again=weak)

    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert not Device.objects.exists()
    assert use(secret).status_code == 302


def test_two_different_passwords_and_unknown_languages_are_refused(ada: Employee) -> None:
    secret = invited(ada)

    errors = use(secret, again="something else", language="fr").context["form"].errors

    assert errors["again"] == ["The two passwords are not the same."]
    assert "language" in errors
    assert not Device.objects.exists()


def test_a_new_invitation_sets_another_password_and_signs_out_all_devices(ada: Employee) -> None:
    with_login(ada, email="ada@x.example", password=PASSWORD)
    old = phone(ada)
    secret = invited(ada)
    assert old.get(ACCOUNT).status_code == 200

    answer = use(secret, password="another horse battery", again="another horse battery")

    assert old.get(ACCOUNT).status_code == 302
    assert holding(answer.cookies["myday_device"].value).get(ACCOUNT).status_code == 200
    log_in = {"email": "ada@x.example", "password": PASSWORD}
    assert Client().post("/myday/login/", log_in).status_code == 200
    assert Client().post("/myday/login/", {**log_in, "password": "another horse battery"}).status_code == 302


def test_who_is_locked_out_gets_in_by_an_invitation_and_then_by_password_again(ada: Employee) -> None:
    with_login(ada, email="ada@x.example", password="forgotten horse battery")
    for _ in range(MOST_FAILURES):
        Client().post("/myday/login/", {"email": "ada@x.example", "password": "guessed"})

    assert use(invited(ada)).status_code == 302

    assert Client().post("/myday/login/", {"email": "ada@x.example", "password": PASSWORD}).status_code == 302


def test_a_new_invitation_may_correct_the_address(ada: Employee) -> None:
    first = invited(ada, "adda@x.example")
    ada.refresh_from_db()
    user = ada.user

    invited(ada, "ada@x.example")

    ada.refresh_from_db()
    assert ada.user == user
    assert ada.user is not None
    assert ada.user.email == "ada@x.example"
    assert User.objects.count() == 1
    assert is_over(first)


@pytest.mark.parametrize("email", ["", "no address", "boss@x.example", "BOSS@x.example", "other@x.example"])
def test_an_address_that_is_bad_or_taken_is_refused(email: str, ada: Employee, boss: User) -> None:
    add_member(tenant=factories.tenant(), email="other@x.example", role=Role.EMPLOYEE)
    before = User.objects.count()

    with pytest.raises(ValidationFailed) as refusal:
        invited(ada, email)

    assert [detail.path for detail in refusal.value.details] == ["email"]
    assert (User.objects.count(), Invitation.objects.count()) == (before, 0)


def test_nobody_is_invited_to_a_login_that_opens_the_admin(ada: Employee, boss: User) -> None:
    """Else a manager could set the password of an administrator."""
    Employee.objects.update(user=boss)
    operator = User.objects.create_superuser("operator@x.example")
    another = employee(ada.tenant, user=operator)

    for one, email in ((ada, "boss@x.example"), (another, "operator@x.example")):
        with pytest.raises(Conflict, match="may not set its password"):
            invited(one, email)

    assert not Invitation.objects.exists()


def test_an_invitation_is_over_when_the_employee_joins_the_office(ada: Employee) -> None:
    secret = invited(ada)
    ada.refresh_from_db()
    assert ada.user is not None
    change_role(membership=ada.user.membership, role=Role.ADMIN)

    assert use(secret).status_code == 404
    assert not User.objects.get(pk=ada.user.pk).has_usable_password()


def test_nobody_is_invited_to_a_login_of_another_company(ada: Employee) -> None:
    stranger = add_member(tenant=factories.tenant(), email="s@x.example", role=Role.EMPLOYEE).user
    Employee.objects.update(user=stranger)

    with pytest.raises(Conflict):
        invited(ada, "s@x.example")

    assert not Invitation.objects.exists()


def test_who_left_is_not_invited(ada: Employee) -> None:
    Employee.objects.update(active=False)

    with pytest.raises(Conflict, match="not active"):
        invited(ada)

    assert not User.objects.exists()


def test_an_employee_of_a_test_twin_gets_a_login_of_the_company(tenant: Tenant) -> None:
    tester = employee(factories.twin(tenant))

    answer = use(invited(tester, "tess@x.example"))

    assert Membership.objects.get().tenant == tenant
    assert "(test)" in holding(answer.cookies["myday_device"].value).get(ACCOUNT).content.decode()


def test_of_two_who_use_a_link_one_is_late(ada: Employee) -> None:
    secret = invited(ada)
    welcome = Welcome(password=PASSWORD, language="en", device="Chrome")
    accept_invitation(secret=secret, welcome=welcome)

    with pytest.raises(NotFound):
        accept_invitation(secret=secret, welcome=welcome)

    assert Device.objects.count() == 1


def test_each_step_is_audited_without_a_secret(ada: Employee, boss: User) -> None:
    invited(ada, actor=boss)
    ada.refresh_from_db()
    withdraw_invitations(employee=ada, actor=boss)
    secret = invited(ada, actor=boss)
    use(secret)

    entries = AuditEntry.objects.filter(action__startswith="employee.").order_by("id")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("employee.invited", boss),
        ("employee.invitation_withdrawn", boss),
        ("employee.invited", boss),
        ("employee.invitation_used", ada.user),
    ]
    assert {entry.tenant for entry in entries} == {ada.tenant}
    assert secret not in str(list(entries.values()))
    assert PASSWORD not in str(list(entries.values()))
