"""Who gets into MyDay, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ordinavo.desk.roles import sync_roles
from ordinavo.tenants.models import AuditEntry, Membership, Role, Tenant, User
from ordinavo.tenants.services.lockout import MOST_FAILURES
from ordinavo.tenants.services.members import add_member
from targets.visits.models import Device, Employee
from targets.visits.services.devices import sign_out_device, sign_out_everywhere
from tests import factories
from tests.visits.phones import PASSWORD, holding, phone, with_login
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db

LOGIN, ACCOUNT = "/myday/login/", "/myday/account/"
WRONG = "E-mail address or password are not right."


@pytest.fixture
def ada(tenant: Tenant) -> Employee:
    return with_login(employee(tenant, name="Ada Berg"), email="ada@x.example", password=PASSWORD)


def log_in(browser: Client, email: str = "ada@x.example", password: str = PASSWORD, **more: str) -> Any:
    return browser.post(LOGIN, {"email": email, "password": password, **more})


def is_in(browser: Client) -> bool:
    answer = browser.get(ACCOUNT)
    assert answer.status_code == 200 or answer.headers["Location"] == f"{LOGIN}?next=%2Fmyday%2Faccount%2F"
    return answer.status_code == 200


def test_an_employee_logs_in_and_stays_so_on_this_device_only(ada: Employee) -> None:
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537"})

    answer = log_in(browser, email=" ADA@x.example ")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/myday/")
    assert is_in(browser)
    assert not is_in(Client())
    device = Device.objects.get()
    assert (device.employee, device.name, device.signed_out_at) == (ada, "Chrome on Android", None)
    ada.refresh_from_db()
    assert ada.user is not None
    assert ada.user.last_login is not None


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_its_secret_is_stored_nowhere(
    ada: Employee, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in(Client()).cookies["myday_device"]

    assert {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "max-age")} == {
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "path": "/myday/",
        "max-age": 365 * 24 * 3600,
    }
    assert len(cookie.value) == 43
    assert cookie.value not in str(Device.objects.values().get())


def test_whatever_is_wrong_is_said_in_the_same_words(ada: Employee, tenant: Tenant) -> None:
    User.objects.create_user("off@x.example", PASSWORD, is_active=False)
    tries = (("ada@x.example", "wrong"), ("nobody@x.example", PASSWORD), ("off@x.example", PASSWORD))
    said = {log_in(Client(), *given).content.decode().count(WRONG) for given in tries}

    assert said == {1}
    assert not Device.objects.exists()


def test_a_log_in_leads_back_to_the_page_that_was_asked_for_and_nowhere_else(ada: Employee) -> None:
    asked = Client().get("/myday/account/?a=1")
    assert asked.headers["Location"] == "/myday/login/?next=%2Fmyday%2Faccount%2F%3Fa%3D1"

    led = [log_in(Client(), next=path).headers["Location"] for path in ("/myday/account/?a=1", "/admin/")]

    assert led == ["/myday/account/?a=1", "/myday/"]
    for evil in ("https://evil.example/myday/", "//evil.example/myday/", "/\\evil.example", "javascript:1"):
        assert log_in(Client(), next=evil).headers["Location"] == "/myday/"


def test_each_request_is_checked_with_one_statement_and_noted_once_a_minute(ada: Employee) -> None:
    browser = phone(ada)
    with CaptureQueriesContext(connection) as captured:
        assert is_in(browser)
    assert len(captured) == 1

    Device.objects.update(last_seen_at=timezone.now() - timedelta(minutes=2))
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(ACCOUNT)
    assert (len(captured), answer.cookies["myday_device"]["max-age"]) == (2, 365 * 24 * 3600)
    assert Device.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)  # type: ignore[operator]
    assert "myday_device" not in browser.get(ACCOUNT).cookies


def left(ada: Employee) -> None:
    Employee.objects.update(active=False)


def switched_off(ada: Employee) -> None:
    User.objects.update(is_active=False)


def without_login(ada: Employee) -> None:
    Employee.objects.update(user=None)


def works_elsewhere(ada: Employee) -> None:
    Membership.objects.update(tenant=factories.tenant())


def works_nowhere(ada: Employee) -> None:
    Membership.objects.all().delete()


def has_another_password(ada: Employee) -> None:
    assert ada.user is not None
    ada.user.set_password("another horse battery")
    ada.user.save()


def was_away_for_a_year(ada: Employee) -> None:
    Device.objects.update(last_seen_at=timezone.now() - timedelta(days=366))


def signed_out(ada: Employee) -> None:
    sign_out_device(device=Device.objects.get(), actor=None)


def signed_out_with_all_others(ada: Employee) -> None:
    sign_out_everywhere(employee=ada, actor=None)


@pytest.mark.parametrize(
    "happens",
    [
        left,
        switched_off,
        without_login,
        works_elsewhere,
        works_nowhere,
        has_another_password,
        was_away_for_a_year,
        signed_out,
        signed_out_with_all_others,
    ],
)
def test_the_next_request_is_refused_when_an_employee(happens: Any, ada: Employee) -> None:
    browser = phone(ada)
    assert is_in(browser)

    happens(ada)

    assert not is_in(browser)
    page = browser.get(LOGIN)
    assert "This device was signed out." in page.content.decode()
    assert page.cookies["myday_device"].value == ""


def test_a_post_of_somebody_who_is_out_leads_to_the_log_in(ada: Employee) -> None:
    answer = Client().post(ACCOUNT, {"language": "de"})

    assert (answer.status_code, answer.headers["Location"]) == (302, LOGIN)
    ada.refresh_from_db()
    assert ada.language == ""


def test_nonsense_in_the_cookie_opens_nothing(ada: Employee) -> None:
    phone(ada)
    for secret in ("x", "é", "a" * 4000, Device.objects.get().digest):
        assert not is_in(holding(secret))


def test_logging_out_ends_this_device_and_no_other(ada: Employee) -> None:
    mine, other = phone(ada), phone(ada)

    answer = mine.post("/myday/logout/")

    assert (answer.headers["Location"], answer.cookies["myday_device"].value) == (LOGIN, "")
    assert Client().post("/myday/logout/").status_code == 302
    assert mine.get("/myday/logout/").status_code == 405
    assert is_in(other)
    entry = AuditEntry.objects.get(action="device.signed_out")
    assert (entry.tenant, entry.actor) == (ada.tenant, ada.user)


def test_the_address_may_be_typed_without_the_slash_at_its_end(ada: Employee) -> None:
    assert Client().get("/myday").headers["Location"] == "/myday/"


def test_who_is_logged_in_already_is_not_asked_again(ada: Employee) -> None:
    assert phone(ada).get(LOGIN).headers["Location"] == "/myday/"


def test_staff_without_days_of_their_own_are_told_so_and_get_no_device(tenant: Tenant) -> None:
    add_member(tenant=tenant, email="boss@x.example", role=Role.MANAGER, password=PASSWORD)
    browser = Client()

    answer = log_in(browser, "boss@x.example")

    assert answer.status_code == 403
    assert "boss@x.example is not planned as an employee" in answer.content.decode()
    assert 'href="/admin/"' in answer.content.decode()
    assert not Device.objects.exists()


def test_who_left_is_told_so_but_not_let_in(ada: Employee) -> None:
    left(ada)

    answer = log_in(Client())

    assert (answer.status_code, Device.objects.count()) == (403, 0)
    assert 'href="/admin/"' not in answer.content.decode()


def test_staff_who_visit_customers_use_both_doors(tenant: Tenant) -> None:
    sync_roles()
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.MANAGER, password=PASSWORD).user
    employee(tenant, user=boss)
    browser = Client()

    log_in(browser, "boss@x.example")

    assert is_in(browser)
    assert browser.get("/admin/").status_code == 302
    browser.force_login(boss)
    assert browser.get("/admin/").status_code == 200
    assert is_in(browser)


def test_a_log_in_to_myday_does_not_open_the_admin_and_none_of_the_admin_opens_myday(ada: Employee) -> None:
    assert phone(ada).get("/admin/").headers["Location"].startswith("/admin/login/")
    browser = Client()
    assert ada.user is not None
    browser.force_login(ada.user)
    assert not is_in(browser)


def test_employees_of_a_test_twin_log_in_with_a_login_of_the_company(tenant: Tenant) -> None:
    twin = factories.twin(tenant)
    tester = with_login(employee(twin, name="Tess"), email="tess@x.example", password=PASSWORD)
    browser = Client()

    log_in(browser, "tess@x.example")

    assert tester.user is not None
    assert tester.user.membership.tenant == tenant
    assert "(test)" in browser.get(ACCOUNT).content.decode()


def test_an_employee_whose_login_works_for_another_company_gets_nowhere(tenant: Tenant) -> None:
    stranger = employee(tenant)
    with_login(stranger, email="s@x.example", password=PASSWORD)
    Membership.objects.update(tenant=factories.tenant())

    assert log_in(Client(), "s@x.example").status_code == 403
    assert not is_in(phone(stranger))


def test_who_guesses_is_locked_out_and_told_so_in_the_language_of_the_page(ada: Employee) -> None:
    browser = Client(headers={"Accept-Language": "de"})

    answers = [log_in(browser, password="guessed") for _ in range(MOST_FAILURES)]

    for answer in (answers[-1], log_in(browser)):
        assert answer.status_code == 429
        assert "Das waren zu viele Versuche." in answer.content.decode()
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    ("asked", "lang"), [("de-AT,en;q=0.5", "de"), ("fr", "en"), ("", "en"), ("en", "en")]
)
def test_the_log_in_speaks_what_the_phone_asks_for(asked: str, lang: str) -> None:
    page = Client(headers={"Accept-Language": asked}).get(LOGIN).content.decode()

    assert f'<html lang="{lang}">' in page


def test_an_employee_chooses_the_language_whatever_the_phone_asks_for(ada: Employee) -> None:
    browser = phone(ada)

    browser.post(ACCOUNT, {"language": "de"})

    assert '<html lang="de">' in browser.get(ACCOUNT).content.decode()
    assert "language" in browser.post(ACCOUNT, {"language": "fr"}).context["form"].errors


def test_forms_from_other_sites_are_refused(ada: Employee) -> None:
    browser = Client(enforce_csrf_checks=True)

    answer = log_in(browser)

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "load the page again" in page
    assert 'href="/myday/"' in page
    assert 'href="/admin/"' in browser.post("/admin/login/").content.decode()
    assert not Device.objects.exists()
