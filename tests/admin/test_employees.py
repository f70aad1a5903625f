"""Employees in the admin: their way into MyDay, and out of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from targets.visits.models import Device, Employee, Invitation
from tests import factories
from tests.admin.conftest import LogIn
from tests.admin.days import said
from tests.routes.rows import target
from tests.visits.phones import PASSWORD, phone, with_login
from tests.visits.rows import appointment, employee

LIST, ACCOUNT = "/admin/visits/employee/", "/myday/account/"
_LINK = re.compile(r'id="link">(http://testserver(/myday/invitation/\?key=[\w-]{43}))<')


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return employee(tenant, name="Ada Berg")


def page_of(one: Employee) -> str:
    return f"{LIST}{one.pk}/change/"


def path(name: str, one: Employee, *more: int) -> str:
    return reverse(f"admin:{name}", args=[one.pk, *more])


def shown(browser: Client, at: str) -> str:
    answer = browser.get(at)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def invited(browser: Client, one: Employee, email: str = "ada@x.example") -> Any:
    return browser.post(path("invite_employee", one), {"email": email})


def test_a_manager_invites_and_the_employee_is_in(ada: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    assert "Ada" in shown(browser, path("invite_employee", ada))

    answer = invited(browser, ada)

    page = answer.content.decode()
    link, below = _LINK.findall(page)[0]
    assert page.count("<svg") - page.count('class="qr') >= 1
    assert 'style="' not in page[page.index("ord-sheet") : page.index("ord-unprinted")]
    assert "no-store" in answer.headers["Cache-Control"]
    phone_of_ada = Client()
    assert phone_of_ada.get(below).status_code == 200
    given = {"key": link.rsplit("=", 1)[1], "password": PASSWORD, "again": PASSWORD, "language": "de"}
    phone_of_ada.post("/myday/invitation/", given)
    assert phone_of_ada.get(ACCOUNT).status_code == 200


def test_the_secret_is_shown_once(ada: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    secret = _LINK.findall(invited(browser, ada).content.decode())[0][0].rsplit("=", 1)[1]

    for again in (page_of(ada), path("invite_employee", ada), LIST, "/admin/tenants/auditentry/"):
        assert secret not in shown(browser, again)


def test_the_link_names_the_public_address_where_one_is_set(
    ada: Employee, log_in: LogIn, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://connect.example.com"

    page = invited(log_in(Role.MANAGER), ada).content.decode()

    assert "https://connect.example.com/myday/invitation/?key=" in page


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("no address", "Enter a valid email address."),
        ("", "This field is required."),
        ("manager@{slug}.example", "There is a login with this address already."),
    ],
)
def test_what_is_wrong_with_an_address_is_said(
    email: str, says: str, ada: Employee, tenant: Tenant, log_in: LogIn
) -> None:
    page = invited(log_in(Role.MANAGER), ada, email.format(slug=tenant.slug)).content.decode()

    assert says in page
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn_after_a_question(ada: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    below = _LINK.findall(invited(browser, ada).content.decode())[0][1]
    assert "Withdraw the invitation" in shown(browser, page_of(ada))

    assert "stop working at once" in shown(browser, path("withdraw_invitation", ada))
    assert Client().get(below).status_code == 200
    answer = browser.post(path("withdraw_invitation", ada), follow=True)

    assert said(answer) == ["The invitation of Ada Berg does not work any more."]
    assert Client().get(below).status_code == 404
    assert "Withdraw the invitation" not in shown(browser, page_of(ada))


def test_a_lost_phone_is_signed_out_from_its_next_request_on(ada: Employee, log_in: LogIn) -> None:
    lost, kept = phone(ada), phone(ada)
    device = Device.objects.order_by("id")[0]
    browser = log_in(Role.DISPATCHER)
    at = path("sign_out_device", ada, device.pk)
    assert at in shown(browser, page_of(ada))

    assert "Its next request asks for the password." in shown(browser, at)
    assert lost.get(ACCOUNT).status_code == 200
    answer = browser.post(at, follow=True)

    assert said(answer) == ["Chrome on Android of Ada Berg is signed out."]
    assert (lost.get(ACCOUNT).status_code, kept.get(ACCOUNT).status_code) == (302, 200)
    assert at not in answer.content.decode()
    entry = AuditEntry.objects.get(action="device.signed_out")
    assert entry.details == {"employee": "Ada Berg", "device": "Chrome on Android"}


def test_an_employee_is_signed_out_everywhere_in_one_go(ada: Employee, log_in: LogIn) -> None:
    phones = [phone(ada), phone(ada)]
    other = phone(employee(ada.tenant))
    browser = log_in(Role.DISPATCHER)
    assert "Sign out everywhere" in shown(browser, page_of(ada))

    answer = browser.post(path("sign_out_everywhere", ada), follow=True)

    assert said(answer) == ["Ada Berg is signed out on 2 devices."]
    assert [one.get(ACCOUNT).status_code for one in (*phones, other)] == [302, 302, 200]
    assert "Sign out everywhere" not in shown(browser, page_of(ada))
    assert AuditEntry.objects.get(action="employee.signed_out_everywhere").details == {"devices": 2}


def form_of(browser: Client, one: Employee, **changed: Any) -> dict[str, Any]:
    """What the employee's page sends, with some of it changed (None: not sent)."""
    answer = browser.get(page_of(one))
    sent: dict[str, Any] = {}
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        values = {form.add_prefix(name): form[name].value() for name in form.fields}
        sent |= {name: value for name, value in values.items() if value is not None and value is not False}
    return {name: value for name, value in {**sent, **changed}.items() if value is not None}


def test_who_is_switched_off_is_signed_out_and_stays_so_when_switched_on_again(
    ada: Employee, log_in: LogIn
) -> None:
    mine = phone(ada)
    browser = log_in(Role.MANAGER)
    invited(browser, ada)

    browser.post(page_of(ada), form_of(browser, ada, active=None))

    assert not Employee.objects.filter(active=True).exists()
    assert mine.get(ACCOUNT).status_code == 302
    browser.post(page_of(ada), form_of(browser, ada, active="on"))
    assert Employee.objects.filter(active=True).exists()
    assert mine.get(ACCOUNT).status_code == 302
    assert Invitation.objects.get().withdrawn_at is not None


def test_who_gets_another_login_is_signed_out(ada: Employee, tenant: Tenant, log_in: LogIn) -> None:
    mine = phone(ada)
    other = add_member(tenant=tenant, email="other@x.example", role=Role.EMPLOYEE).user
    browser = log_in(Role.MANAGER)

    browser.post(page_of(ada), form_of(browser, ada, user=other.pk))

    ada.refresh_from_db()
    assert ada.user == other
    assert mine.get(ACCOUNT).status_code == 302


def test_saving_anything_else_leaves_the_phones_alone(ada: Employee, log_in: LogIn) -> None:
    mine = phone(ada)
    browser = log_in(Role.MANAGER)

    browser.post(page_of(ada), form_of(browser, ada, name="Ada Berg-Tal", language="de"))

    ada.refresh_from_db()
    assert (ada.name, ada.language) == ("Ada Berg-Tal", "de")
    assert mine.get(ACCOUNT).status_code == 200


def test_nobody_who_only_reads_invites_or_signs_out(ada: Employee, log_in: LogIn) -> None:
    phone(ada)
    browser = log_in(Role.SUPPORT)
    page = shown(browser, page_of(ada))

    assert "Chrome on Android" in page
    for words in ("Invite to MyDay", "Sign out"):
        assert words not in page
    device = Device.objects.get().pk
    for at in (
        path("invite_employee", ada),
        path("withdraw_invitation", ada),
        path("sign_out_everywhere", ada),
        path("sign_out_device", ada, device),
    ):
        assert browser.get(at).status_code == browser.post(at).status_code == 404
    assert not Device.objects.exclude(signed_out_at=None).exists()


def test_dispatchers_do_not_invite(ada: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.DISPATCHER)

    assert "Invite to MyDay" not in shown(browser, page_of(ada))
    assert invited(browser, ada).status_code == 404
    assert not Invitation.objects.exists()


def test_employees_and_devices_of_others_are_answered_like_none_at_all(
    ada: Employee, log_in: LogIn, operator: Client
) -> None:
    stranger = employee(factories.tenant())
    phone(stranger)
    device = Device.objects.get().pk
    for browser in (log_in(Role.ADMIN), operator):
        for at in (
            path("invite_employee", stranger),
            path("withdraw_invitation", stranger),
            path("sign_out_everywhere", stranger),
            path("sign_out_device", stranger, device),
            path("sign_out_device", ada, device),
            path("sign_out_device", ada, 2**60),
        ):
            assert browser.get(at).status_code == 404
            assert browser.post(at, {"email": "a@x.example"}).status_code == 404
    assert Device.objects.get().signed_out_at is None
    assert not Invitation.objects.exists()


def test_nobody_is_invited_while_all_tenants_are_shown(ada: Employee, operator: Client) -> None:
    operator.post("/admin/tenants/tenant/switch/", {"tenant": ""})

    assert invited(operator, ada).status_code == 404


def test_staff_who_visit_are_not_invited_and_the_page_says_how_they_get_in(
    ada: Employee, tenant: Tenant, log_in: LogIn
) -> None:
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.DISPATCHER).user
    Employee.objects.update(user=boss)
    browser = log_in(Role.MANAGER)

    page = shown(browser, page_of(ada))

    assert "Invite to MyDay" not in page
    assert "boss@x.example and the password of the office" in page
    assert "may not set its password" in invited(browser, ada, "boss@x.example").content.decode()


def test_the_list_tells_who_is_in_and_what_there_is_to_do_today(tenant: Tenant, log_in: LogIn) -> None:
    today = timezone.localdate()
    names = ("Nobody", "Invited", "Over", "Has", "Seen")
    nobody, asked, over, has, seen = (employee(tenant, name=name) for name in names)
    browser = log_in(Role.MANAGER)
    for number, one in enumerate((asked, over)):
        invited(browser, one, f"i{number}@x.example")
    Invitation.objects.filter(employee=over).update(expires_at=timezone.now())
    with_login(has, password=PASSWORD)
    phone(seen)
    for status in ("Scheduled", "Completed", "Cancelled"):
        begin = timezone.now() + timedelta(hours=1)
        appointment(target(tenant), nobody, begin, day=today, status=status)
    appointment(target(tenant), nobody, timezone.now(), day=today + timedelta(days=1))

    page = shown(browser, LIST)

    badges = [re.findall(r'ord-mark ord-mark-\w+">([\w ]+)<', row) for row in page.split("<tr")[2:]]
    assert dict(zip(sorted(names), [row[1] for row in badges if len(row) > 1], strict=True)) == {
        "Has": "Has a login",
        "Invited": "Invited",
        "Nobody": "No login",
        "Over": "Invitation is over",
        "Seen": "Logged in",
    }
    link = f"/admin/visits/appointment/?employee__id__exact={nobody.pk}&amp;day={today}"
    assert f'href="{link}">2 visits, 1 ended</a>' in page
    assert page.count("visits, ") == 1


def test_the_page_of_an_employee_tells_of_the_last_invitation(ada: Employee, log_in: LogIn) -> None:
    browser = log_in(Role.MANAGER)
    assert "No login" in shown(browser, page_of(ada))

    invited(browser, ada)
    assert "works until" in shown(browser, page_of(ada))
    Invitation.objects.update(used_at=timezone.now())
    assert "used on" in shown(browser, page_of(ada))
    Invitation.objects.update(used_at=None, withdrawn_at=timezone.now())
    assert "withdrawn; over since" in shown(browser, page_of(ada))
    Invitation.objects.update(withdrawn_at=None, expires_at=timezone.now())
    assert "not used; over since" in shown(browser, page_of(ada))
    User.objects.filter(email="ada@x.example").update(email="new@x.example")
    assert "new@x.example" in shown(browser, page_of(ada))


def test_a_device_of_an_older_password_is_not_shown_as_logged_in(ada: Employee, log_in: LogIn) -> None:
    mine = phone(ada)
    browser = log_in(Role.ADMIN)
    assert ">Logged in<" in shown(browser, LIST)
    assert ada.user is not None
    words = {"password1": "another horse battery", "password2": "another horse battery"}

    browser.post(f"/admin/tenants/user/{ada.user.pk}/password/", words)

    assert mine.get(ACCOUNT).status_code == 302
    assert ">Logged in<" not in shown(browser, LIST)
    page = shown(browser, page_of(ada))
    assert ("Must log in again" in page, ">Logged in<" in page) == (True, False)
    User.objects.filter(pk=ada.user.pk).update(is_active=False)
    assert "Login is off" in shown(browser, LIST)


def test_a_new_employee_has_to_be_saved_before_they_are_invited(log_in: LogIn) -> None:
    assert "Save the employee first" in shown(log_in(Role.MANAGER), f"{LIST}add/")
