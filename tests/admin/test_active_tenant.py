from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from ordinavo.tenants.middleware import SESSION_KEY, active_tenant
from ordinavo.tenants.models import Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from tests import factories
from tests.admin.conftest import LogIn
from tests.api import Api

SWITCH = "/admin/tenants/tenant/switch/"


def customer(tenant: Tenant, name: str) -> Customer:
    return Customer.objects.create(tenant=tenant, name=name, name_key=name)


def test_requests_of_outside_systems_never_look_for_a_tenant(api: Api) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert api.get("/integration/health").status_code == 200

    asked = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in asked if "tenants_membership" in sql or "django_session" in sql] == []


def test_nobody_has_a_tenant_before_logging_in() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    seen: list[bool] = []

    def view(passed: Any) -> HttpResponse:
        seen.append(bool(passed.tenant))
        return HttpResponse()

    active_tenant(view)(request)

    assert seen == [False]


def test_a_member_starts_in_the_live_tenant_and_can_switch_to_its_test_twin_and_back(
    tenant: Tenant, log_in: LogIn
) -> None:
    twin = factories.twin(tenant)
    customer(tenant, "live-customer")
    customer(twin, "test-customer")
    browser = log_in()

    live = browser.get("/admin/customers/customer/").content.decode()
    assert ("live-customer" in live, "test-customer" in live, "ord-switch-test" in live) == (
        True,
        False,
        False,
    )

    assert browser.post(SWITCH, {"tenant": twin.pk}).status_code == 302
    test = browser.get("/admin/customers/customer/").content.decode()
    assert ("live-customer" in test, "test-customer" in test, "ord-switch-test" in test) == (
        False,
        True,
        True,
    )

    browser.post(SWITCH, {"tenant": tenant.pk})
    assert "live-customer" in browser.get("/admin/customers/customer/").content.decode()


def test_what_is_added_in_test_belongs_to_the_test_twin(tenant: Tenant, log_in: LogIn) -> None:
    twin = factories.twin(tenant)
    browser = log_in()
    browser.post(SWITCH, {"tenant": twin.pk})

    browser.post("/admin/customers/customer/add/", {"name": "New", "active": "on"})

    assert list(Customer.objects.values_list("tenant_id", "name")) == [(twin.pk, "New")]


def test_a_member_cannot_switch_to_another_tenant_nor_to_all(tenant: Tenant, log_in: LogIn) -> None:
    other = factories.tenant()
    customer(other, "other-customer")
    browser = log_in()

    assert browser.post(SWITCH, {"tenant": other.pk}).status_code == 404
    assert browser.post(SWITCH, {"tenant": "x"}).status_code == 404
    assert browser.post(SWITCH, {"tenant": ""}).status_code == 302
    assert "other-customer" not in browser.get("/admin/customers/customer/").content.decode()


def test_a_tenant_in_the_session_that_is_not_open_any_more_is_ignored(tenant: Tenant, log_in: LogIn) -> None:
    other = factories.tenant()
    customer(other, "other-customer")
    customer(tenant, "own-customer")
    browser = log_in()
    session = browser.session
    session[SESSION_KEY] = other.pk
    session.save()

    page = browser.get("/admin/customers/customer/").content.decode()

    assert ("own-customer" in page, "other-customer" in page) == (True, False)


def test_switching_needs_a_post_and_a_login(tenant: Tenant, log_in: LogIn) -> None:
    assert log_in().get(SWITCH).status_code == 405
    assert Client().post(SWITCH, {"tenant": tenant.pk}).headers["Location"].startswith("/admin/login/")


def test_switching_never_leads_to_another_site(tenant: Tenant, log_in: LogIn) -> None:
    answer = log_in().post(SWITCH, {"tenant": tenant.pk, "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/admin/"


def test_operators_see_all_tenants_read_only_until_they_choose_one(tenant: Tenant) -> None:
    row = customer(tenant, "a-customer")
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@x.example"))

    page = browser.get("/admin/customers/customer/").content.decode()
    assert ("a-customer" in page, tenant.name in page, "All tenants: read only" in page) == (True, True, True)
    assert browser.get("/admin/customers/customer/add/").status_code == 403
    assert browser.post(f"/admin/customers/customer/{row.pk}/change/", {"name": "x"}).status_code == 403

    browser.post(SWITCH, {"tenant": tenant.pk})
    assert browser.get("/admin/customers/customer/add/").status_code == 200


def test_staff_without_a_membership_see_nothing(tenant: Tenant) -> None:
    customer(tenant, "a-customer")
    stray = User.objects.create_user("stray@x.example", is_staff=True)
    member = add_member(tenant=tenant, email="m@x.example", role=Role.ADMIN)
    stray.groups.set(member.user.groups.all())
    browser = Client()
    browser.force_login(stray)

    assert "a-customer" not in browser.get("/admin/customers/customer/").content.decode()
    assert "You belong to no tenant yet" in browser.get("/admin/").content.decode()


def test_times_are_shown_in_the_zone_of_the_tenant_and_only_there(tenant: Tenant, log_in: LogIn) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(time_zone="Asia/Tokyo")
    row = customer(tenant, "a-customer")
    Customer.objects.filter(pk=row.pk).update(updated_at="2026-01-01T20:30:00Z")

    page = log_in().get("/admin/customers/customer/").content.decode()

    assert "2026-01-02 05:30" in page
    assert timezone.get_current_timezone_name() == "UTC"
