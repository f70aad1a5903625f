"""The door of the admin: password, lock, second factor."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from ordinavo.tenants import totp
from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services import lockout, second_factor
from ordinavo.tenants.services.members import add_member
from tests.admin.conftest import LogIn
from tests.admin.world import path_of

LOGIN, STEP_UP, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
MANAGE, QR = "/admin/second-factor/manage/", "/admin/second-factor/qr.svg"
PEOPLE = "/admin/tenants/user/"
PASSWORD = "correct horse battery"
ELSEWHERE = ["https://evil.example/", "//evil.example/", "///evil.example", r"\\evil.example", "javascript:1"]


@pytest.fixture
def anna(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email="anna@x.example", role=Role.ADMIN, password=PASSWORD).user


def code_now(user: User) -> str:
    SecondFactor.objects.filter(user=user).update(last_step=0)
    secret = second_factor.secret_of(SecondFactor.objects.get(user=user))
    return totp.code_of(secret, totp.step_at(timezone.now().timestamp()))


def set_up(user: User) -> list[str]:
    second_factor.begin(user=user)
    return second_factor.confirm(user=user, code=code_now(user))


def enter(browser: Client, password: str = PASSWORD, path: str = "/admin/") -> object:
    return browser.post(f"{LOGIN}?next={path}", {"username": "anna@x.example", "password": password})


def lands(browser: Client, path: str = "/admin/") -> str:
    answer = browser.get(path)
    return answer.headers.get("Location", "") if answer.status_code == 302 else path


def test_a_log_in_changes_the_key_of_the_session(anna: User) -> None:
    browser = Client()
    browser.get(LOGIN)
    session = browser.session
    session["planted"] = "before"
    session.save()
    planted = str(session.session_key)
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    enter(browser)

    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != planted
    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == 12 * 3600


def test_who_was_on_the_way_to_nowhere_lands_on_the_start_page(anna: User) -> None:
    answer = Client().post(LOGIN, {"username": "anna@x.example", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_log_in_leads_to_no_other_host(elsewhere: str, anna: User) -> None:
    given = {"username": "anna@x.example", "password": PASSWORD}
    by_path = Client().post(f"{LOGIN}?next={quote(elsewhere)}", given)
    by_form = Client().post(LOGIN, {**given, "next": elsewhere})

    assert [one.headers["Location"] for one in (by_path, by_form)] == ["/admin/", "/admin/"]


def test_who_guesses_reads_that_they_are_locked_out(anna: User) -> None:
    browser = Client()
    pages = [enter(browser, "wrong").content.decode() for _ in range(5)]  # type: ignore[attr-defined]

    assert "Too many failed attempts" not in pages[3]
    assert lockout.LOCKED in pages[4]
    assert lockout.LOCKED in enter(browser).content.decode()  # type: ignore[attr-defined]
    assert settings.SESSION_COOKIE_NAME not in browser.cookies


def test_an_administrator_unlocks_a_colleague(anna: User, log_in: LogIn) -> None:
    colleague = add_member(
        tenant=anna.membership.tenant, email="ben@x.example", role=Role.SUPPORT, password=PASSWORD
    ).user
    for _ in range(5):
        Client().post(LOGIN, {"username": "ben@x.example", "password": "wrong"})
    boss = log_in(Role.ADMIN)
    page = boss.get(PEOPLE).content.decode()
    assert page.count("Locked out") == 1
    unlock = reverse("admin:tenants_user_unlock", args=[colleague.pk])
    assert unlock in boss.get(path_of(User, "change", colleague.pk)).content.decode()

    answer = boss.post(unlock, follow=True)

    assert "can try to log in again" in answer.content.decode()
    assert AuditEntry.objects.get(action="user.unlocked").subject_id == colleague.pk
    entered = Client().post(LOGIN, {"username": "ben@x.example", "password": PASSWORD})
    assert entered.status_code == 302


def test_without_a_factor_the_password_opens_every_page(anna: User) -> None:
    browser = Client()
    enter(browser)

    assert lands(browser) == "/admin/"


def test_with_a_factor_every_page_leads_to_it_and_back(anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value

    assert (
        lands(browser, "/admin/targets/target/?q=1")
        == f"{STEP_UP}?next=%2Fadmin%2Ftargets%2Ftarget%2F%3Fq%3D1"
    )
    assert lands(browser, "/") == f"{STEP_UP}?next=%2F"
    assert browser.post("/admin/tenants/tenant/switch/", {"tenant": ""}).headers["Location"] == STEP_UP
    page = browser.get(f"{STEP_UP}?next=/admin/targets/target/")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    answer = browser.post(STEP_UP, {"code": code_now(anna), "next": "/admin/targets/target/"})

    assert answer.headers["Location"] == "/admin/targets/target/"
    assert lands(browser) == "/admin/"
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert settings.REMEMBERED_COOKIE_NAME not in browser.cookies


@pytest.mark.parametrize("code", ["", "000000", "no code"])
def test_a_wrong_code_opens_nothing(code: str, anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)

    answer = browser.post(STEP_UP, {"code": code})

    assert answer.status_code == 200
    assert "code" in answer.context["form"].errors
    assert lands(browser).startswith(STEP_UP)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_host(elsewhere: str, anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)

    answer = browser.post(STEP_UP, {"code": code_now(anna), "next": elsewhere})

    assert answer.headers["Location"] == "/admin/"


def test_a_recovery_code_opens_too_and_leaves_a_trace(anna: User) -> None:
    codes = set_up(anna)
    browser = Client()
    enter(browser)
    browser.post(STEP_UP, {"code": codes[0]})

    assert lands(browser) == "/admin/"
    assert AuditEntry.objects.filter(action="second_factor.recovery_code_used").count() == 1


def test_a_browser_is_remembered_until_the_password_or_the_factor_changes(anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)
    browser.post(STEP_UP, {"code": code_now(anna), "remember": "on"})
    cookie = browser.cookies[settings.REMEMBERED_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (30 * 24 * 3600, True, "Lax")

    browser.post("/admin/logout/")
    enter(browser)
    assert lands(browser) == "/admin/"

    browser.post("/admin/logout/")
    anna.set_password("another horse battery")
    anna.save()
    enter(browser, "another horse battery")
    assert lands(browser).startswith(STEP_UP)


def test_the_cookie_of_one_person_remembers_no_other(anna: User, tenant: Tenant) -> None:
    add_member(tenant=tenant, email="ben@x.example", role=Role.ADMIN, password=PASSWORD)
    set_up(anna)
    ben = User.objects.get(email="ben@x.example")
    set_up(ben)
    browser = Client()
    enter(browser)
    browser.post(STEP_UP, {"code": code_now(anna), "remember": "on"})
    browser.post("/admin/logout/")
    browser.post(LOGIN, {"username": "ben@x.example", "password": PASSWORD})

    assert lands(browser).startswith(STEP_UP)


def test_a_session_asks_again_after_half_a_day(anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)
    browser.post(STEP_UP, {"code": code_now(anna)})
    session = browser.session
    factor, at = session["second_factor"]
    session["second_factor"] = (factor, at - 12 * 3600)
    session.save()

    assert lands(browser).startswith(STEP_UP)


def test_where_it_is_required_the_next_log_in_sets_it_up(anna: User, tenant: Tenant) -> None:
    Tenant.objects.update(requires_second_factor=True)
    browser = Client()
    enter(browser)
    assert lands(browser).startswith(SET_UP)

    page = browser.get(SET_UP)
    assert f"{tenant} requires a second factor" in page.content.decode()
    assert page.context["secret"].replace(" ", "") == totp.as_text(
        second_factor.secret_of(SecondFactor.objects.get())
    )
    picture = browser.get(QR)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    answer = browser.post(SET_UP, {"code": code_now(anna)})

    codes = answer.context["codes"]
    assert all(code in answer.content.decode() for code in codes)
    assert "no-store" in answer.headers["Cache-Control"]
    assert lands(browser) == "/admin/"
    assert browser.get(QR).status_code == 404
    assert codes[0] not in browser.get(MANAGE).content.decode()


def test_the_setting_of_one_tenant_asks_nothing_of_another(anna: User) -> None:
    Tenant.objects.create(slug="other", name="Other", requires_second_factor=True)
    browser = Client()
    enter(browser)

    assert lands(browser) == "/admin/"


@override_settings(OPERATORS_SECOND_FACTOR=True)
def test_operators_are_asked_by_the_environment(operator: Client) -> None:
    assert lands(operator).startswith(SET_UP)


def test_neither_the_api_nor_myday_asks_for_it(anna: User, tenant: Tenant) -> None:
    Tenant.objects.update(requires_second_factor=True)
    browser = Client()
    enter(browser)

    assert browser.get("/healthz").status_code == 200
    assert browser.get("/api/connect/v1/docs").status_code == 200
    assert not browser.get("/myday/").headers.get("Location", "").startswith("/admin/second-factor/")


def test_pages_of_the_factor_are_for_staff_only(db: None) -> None:
    for path in (STEP_UP, SET_UP, QR, MANAGE):
        assert Client().get(path).headers["Location"].startswith(LOGIN)


def test_new_codes_and_switching_off_ask_for_a_code(anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)
    browser.post(STEP_UP, {"code": code_now(anna)})

    assert browser.post(MANAGE, {"code": "000000", "verb": "off"}).status_code == 200
    assert SecondFactor.objects.filter(user=anna).exists()
    renewed = browser.post(MANAGE, {"code": code_now(anna), "verb": "codes"})
    assert len(renewed.context["codes"]) == 10
    browser.post(MANAGE, {"code": code_now(anna), "verb": "off"})

    assert not SecondFactor.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="second_factor").order_by("id")
    assert [entry.action for entry in actions] == [
        "second_factor.set_up",
        "second_factor.codes_renewed",
        "second_factor.removed",
    ]


def test_another_administrator_resets_it_and_the_lost_phone_opens_nothing(anna: User, log_in: LogIn) -> None:
    set_up(anna)
    lost = Client()
    enter(lost)
    lost.post(STEP_UP, {"code": code_now(anna), "remember": "on"})
    boss = log_in(Role.ADMIN)
    reset = reverse("admin:tenants_user_reset_second_factor", args=[anna.pk])
    assert reset in boss.get(path_of(User, "change", anna.pk)).content.decode()

    answer = boss.post(reset, follow=True)

    assert "The second factor of" in answer.content.decode()
    entry = AuditEntry.objects.get(action="second_factor.removed")
    assert (entry.subject_id, entry.actor) == (anna.pk, User.objects.get(email__startswith="admin@"))
    set_up(anna)
    assert lands(lost).startswith(STEP_UP)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPPORT])
def test_only_administrators_reset_and_unlock(role: Role, anna: User, log_in: LogIn) -> None:
    set_up(anna)
    browser = log_in(role)

    for lever in ("reset_second_factor", "unlock"):
        path = reverse(f"admin:tenants_user_{lever}", args=[anna.pk])
        assert browser.post(path).status_code in {403, 404}

    assert SecondFactor.objects.exists()


def test_nobody_resets_people_of_another_tenant_or_themselves(log_in: LogIn, theirs: object) -> None:
    stranger = User.objects.exclude(membership__tenant=None).get()
    set_up(stranger)
    boss = log_in(Role.ADMIN)
    me = User.objects.get(email__startswith="admin")
    set_up(me)
    boss.post(STEP_UP, {"code": code_now(me)})

    for person in (stranger, me):
        path = reverse("admin:tenants_user_reset_second_factor", args=[person.pk])
        assert boss.post(path).status_code in {403, 404}

    assert SecondFactor.objects.count() == 2


def test_the_setting_stands_on_the_page_of_the_tenant_and_is_recorded(
    operator: Client, tenant: Tenant
) -> None:
    path = path_of(Tenant, "change", tenant.pk)
    form = operator.get(path).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields}

    operator.post(path, {**data, "requires_second_factor": "on"})

    assert Tenant.objects.get(pk=tenant.pk).requires_second_factor
    assert AuditEntry.objects.get(action="tenant.changed").tenant == tenant


def test_a_locked_second_factor_opens_again_after_the_lock(anna: User) -> None:
    set_up(anna)
    browser = Client()
    enter(browser)
    for _ in range(5):
        browser.post(STEP_UP, {"code": "000000"})
    assert lockout.LOCKED in browser.post(STEP_UP, {"code": code_now(anna)}).content.decode()
    anna.failed_logins.update(last_at=timezone.now() - timedelta(minutes=15))
    browser.post(STEP_UP, {"code": code_now(anna)})

    assert lands(browser) == "/admin/"
