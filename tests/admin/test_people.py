from django.contrib.auth import authenticate
from django.test import Client

from ordinavo.tenants.models import AuditEntry, Membership, Role, Tenant, User
from ordinavo.tenants.services.members import add_member
from tests import factories
from tests.admin.conftest import LogIn

ADD = "/admin/tenants/user/add/"
PASSWORD = "correct horse battery"


def add(browser: Client, **fields: str) -> object:
    data = {"email": "new@x.example", "first_name": "N", "last_name": "P", "role": "support", **fields}
    return browser.post(ADD, data)


def test_a_new_person_gets_login_membership_and_group_in_one_form(tenant: Tenant, log_in: LogIn) -> None:
    browser = log_in()

    add(browser, email="New@X.example", password_1=PASSWORD)

    membership = Membership.objects.get(user__email="new@x.example")
    assert (membership.tenant, membership.role) == (tenant, Role.SUPPORT)
    assert [group.name for group in membership.user.groups.all()] == ["role:support"]
    assert authenticate(username="new@x.example", password=PASSWORD) == membership.user
    actions = set(
        AuditEntry.objects.filter(tenant=tenant, actor__isnull=False).values_list("action", flat=True)
    )
    assert actions == {"member.added", "user.added"}


def test_a_person_without_a_password_cannot_log_in(log_in: LogIn) -> None:
    add(log_in())

    assert not User.objects.get(email="new@x.example").has_usable_password()


def test_a_weak_first_password_is_refused(log_in: LogIn) -> None:
    answer = add(log_in(), password_1="12345678")

    assert "password_1" in answer.context["adminform"].form.errors  # type: ignore[attr-defined]
    assert not User.objects.filter(email="new@x.example").exists()


def test_no_existing_login_can_be_drawn_into_a_tenant(tenant: Tenant, log_in: LogIn) -> None:
    User.objects.create_superuser("operator@x.example")
    add_member(tenant=factories.tenant(), email="other@x.example", role=Role.ADMIN)
    browser = log_in()

    for email in ("Operator@x.example", "other@x.example"):
        answer = add(browser, email=email)
        assert "email" in answer.context["adminform"].form.errors  # type: ignore[attr-defined]

    assert Membership.objects.filter(tenant=tenant).count() == 1


def test_an_operator_of_the_tenant_is_invisible_to_its_administrators(tenant: Tenant, log_in: LogIn) -> None:
    operator = add_member(tenant=tenant, email="boss@x.example", role=Role.ADMIN).user
    User.objects.filter(pk=operator.pk).update(is_superuser=True)
    browser = log_in()

    assert "boss@x.example" not in browser.get("/admin/tenants/user/").content.decode()
    assert browser.get(f"/admin/tenants/user/{operator.pk}/change/").status_code == 302
    assert browser.post(f"/admin/tenants/user/{operator.pk}/password/", {}).status_code == 404


def test_nobody_is_made_an_operator_by_a_form(tenant: Tenant, log_in: LogIn) -> None:
    person = add_member(tenant=tenant, email="p@x.example", role=Role.EMPLOYEE).user
    data = {
        "email": "p@x.example",
        "role": "support",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
    }

    log_in().post(f"/admin/tenants/user/{person.pk}/change/", data)

    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.membership.role) == (False, True, "support")


def test_people_cannot_demote_or_lock_out_themselves(tenant: Tenant, log_in: LogIn) -> None:
    browser = log_in()
    me = User.objects.get(membership__tenant=tenant)

    answer = browser.post(
        f"/admin/tenants/user/{me.pk}/change/", {"email": me.email, "first_name": "Me", "role": "employee"}
    )

    me.refresh_from_db()
    assert answer.status_code == 302
    assert (me.first_name, me.is_active, me.membership.role) == ("Me", True, "admin")


def test_setting_a_password_works_is_audited_and_shown_nowhere(tenant: Tenant, log_in: LogIn) -> None:
    person = add_member(tenant=tenant, email="p@x.example", role=Role.SUPPORT).user

    answer = log_in().post(
        f"/admin/tenants/user/{person.pk}/password/",
        {"password1": PASSWORD, "password2": PASSWORD},
        follow=True,
    )

    assert answer.status_code == 200
    assert PASSWORD not in answer.content.decode()
    assert authenticate(username="p@x.example", password=PASSWORD) == person
    entry = AuditEntry.objects.get(action="user.changed")
    assert (entry.tenant, entry.subject_id, entry.details) == (
        tenant,
        person.pk,
        {"changes": "Changed password."},
    )


def test_managers_see_people_and_change_none(tenant: Tenant, log_in: LogIn) -> None:
    person = add_member(tenant=tenant, email="p@x.example", role=Role.SUPPORT).user
    browser = log_in(Role.MANAGER)

    assert browser.get(f"/admin/tenants/user/{person.pk}/change/").status_code == 200
    assert browser.post(f"/admin/tenants/user/{person.pk}/password/", {}).status_code == 404
    assert browser.get(ADD).status_code == 403


def test_in_the_test_twin_the_people_of_the_company_are_shown_and_added(
    tenant: Tenant, log_in: LogIn
) -> None:
    twin = factories.twin(tenant)
    browser = log_in()
    browser.post("/admin/tenants/tenant/switch/", {"tenant": twin.pk})

    add(browser)

    assert Membership.objects.get(user__email="new@x.example").tenant == tenant
    assert "new@x.example" in browser.get("/admin/tenants/user/").content.decode()
