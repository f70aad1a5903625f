"""Every door through which staff changes something leaves an entry in the audit, and the audit shows it.

`tests/audited.py` watches: a change without an entry fails whatever test makes it. Here all doors are walked
through: those that a stranger's hand cannot open are named, with the test that does.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory

from customers.models import Customer
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services.audit import record_audit
from tests.admin.conftest import LogIn, Rows
from tests.admin.doors import ELSEWHERE, READING, doors, walk, walker
from tests.admin.world import path_of
from tests.audited import watch

AUDIT = "/admin/tenants/auditentry/"


@pytest.fixture
def walked(ours: Rows, operator: Client, tenant: Tenant) -> dict[str, str]:
    """Door → tables that going through it changed, each from the same start."""
    found: dict[str, str] = {}
    for name, path, extra in doors(ours, walker(tenant)):
        with transaction.atomic():
            # Rows of the test's world don't always fit each other as those of services do.
            with suppress(IntegrityError):
                found[name] = found.get(name) or walk(operator, path, extra)
            found.setdefault(name, "")
            transaction.set_rollback(True)
    return found


def test_every_door_that_changes_something_leaves_an_entry(walked: dict[str, str]) -> None:
    changed = {name for name, tables in walked.items() if tables}

    # A new door belongs into one of the tables above, unless the walk opens it by itself.
    assert set(walked) - changed - READING - set(ELSEWHERE) == set()
    assert (READING | set(ELSEWHERE)) - set(walked) == set()
    assert READING & changed == set()
    assert len(changed) > 25


def test_the_doors_that_need_ground_laid_have_a_test_that_lays_it() -> None:
    here = Path(__file__).parent
    named = {one.split(".")[0]: (here / f"{one.split('.')[0]}.py").read_text() for one in ELSEWHERE.values()}

    missing = [
        one for one in ELSEWHERE.values() if f"def {one.split('.')[1]}(" not in named[one.split(".")[0]]
    ]

    assert missing == []


def test_the_watch_refuses_a_change_that_nobody_wrote_down(operator: Client, tenant: Tenant) -> None:
    request: Any = RequestFactory().post("/admin/")
    request.user = User.objects.get(email="operator@x.example")

    def change(request: Any) -> HttpResponse:
        Tenant.objects.update(name="Changed")
        return HttpResponse()

    def change_nothing(request: Any) -> HttpResponse:
        Tenant.objects.filter(pk=0).update(name="Changed")
        return HttpResponse()

    with pytest.raises(AssertionError, match="wrote no audit entry"):
        watch(change)(request)
    assert watch(change_nothing)(request).status_code == 200


def entry(
    tenant: Tenant, subject: Model, action: str, actor: User | None = None, **details: Any
) -> AuditEntry:
    return record_audit(tenant=tenant, actor=actor, action=action, subject=subject, details=details)


def test_the_list_says_who_changed_what_and_leads_to_it(ours: Rows, operator: Client, tenant: Tenant) -> None:
    customer, person = ours[Customer], ours[User]
    changed = [{"changed": {"fields": ["Name", "Phone"]}}]
    entry(tenant, customer, "customer.changed", person, changes=changed, empty="", none=None)
    page = operator.get(AUDIT).content.decode()

    assert "Customer changed" in page
    assert str(person) in page
    assert f'href="{path_of(Customer, "change", customer.pk)}">customer {customer.pk}</a>' in page
    assert "changes: Changed Name and Phone." in page
    assert "none" not in page.split("changes: Changed Name")[1][:60]


def test_the_list_narrows_by_area_and_person(ours: Rows, operator: Client, tenant: Tenant) -> None:
    AuditEntry.objects.all().delete()
    person = ours[User]
    entry(tenant, ours[Customer], "customer.changed", person)
    entry(tenant, person, "user.unlocked")

    def found(query: str) -> list[str]:
        rows = operator.get(f"{AUDIT}?{query}").context["cl"].result_list
        return [row.action for row in rows]

    assert found("area=customers") == ["customer.changed"]
    assert found("area=tenants") == ["user.unlocked"]
    assert found(f"actor__id__exact={person.pk}") == ["customer.changed"]
    assert found("q=user.unlocked") == ["user.unlocked"]
    assert found("area=nonsense") == ["user.unlocked", "customer.changed"]


def test_entries_of_what_is_no_longer_there_are_shown_all_the_same(operator: Client, tenant: Tenant) -> None:
    row = AuditEntry.objects.create(
        tenant=tenant, action="thing.done", subject_type="gone.thing", subject_id=7
    )

    assert "gone.thing 7" in operator.get(AUDIT).content.decode()
    assert "gone.thing 7" in operator.get(path_of(AuditEntry, "change", row.pk)).content.decode()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.SUPPORT])
def test_entries_are_read_and_never_written(role: Role, ours: Rows, log_in: LogIn) -> None:
    browser, row = log_in(role), ours[AuditEntry]
    before = AuditEntry.objects.count()

    assert browser.get(AUDIT).status_code == 200
    assert browser.post(path_of(AuditEntry, "change", row.pk), {"action": "x"}).status_code == 403
    assert browser.post(path_of(AuditEntry, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.count() == before


def test_ones_own_password_is_written_down_without_it(log_in: LogIn, tenant: Tenant) -> None:
    browser = log_in(Role.MANAGER)
    me = User.objects.get(email__startswith="manager@")
    me.set_password("correct horse battery")
    me.save()
    browser.force_login(me)
    sent = {"old_password": "correct horse battery", "new_password2": "another horse"}
    refused = browser.post("/admin/password_change/", {**sent, "new_password1": "different horse"})
    assert refused.status_code == 200
    assert not AuditEntry.objects.filter(action="user.password_changed").exists()

    changed = browser.post("/admin/password_change/", {**sent, "new_password1": "another horse"})

    assert changed.status_code == 302
    found = AuditEntry.objects.get(action="user.password_changed")
    assert (found.tenant, found.actor, found.subject_id, found.details) == (tenant, me, me.pk, {})
    assert browser.get("/admin/").status_code == 200
