"""Managers are told: in the admin at once, by e-mail as soon as it can be sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ordinavo.kernel.redis import client as redis_client
from ordinavo.tenants.models import ManagerNotice, Role, Tenant
from ordinavo.tenants.services.members import add_member
from ordinavo.tenants.services.notices import notify_managers
from ordinavo.tenants.tasks import mail_notices
from tests import factories

pytestmark = pytest.mark.django_db

_Commits = DjangoCaptureOnCommitCallbacks


class Refusing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


@pytest.fixture
def people(tenant: Tenant) -> Tenant:
    for role in Role:
        add_member(tenant=tenant, email=f"{role}@acme.example", role=role)
    add_member(tenant=factories.tenant(), email="manager@other.example", role=Role.MANAGER)
    return tenant


def _notify(tenant: Tenant, **fields: Any) -> ManagerNotice:
    return notify_managers(
        **{"tenant": tenant, "kind": "subscription.disabled", "title": "A webhook was switched off", **fields}
    )


def test_admins_and_managers_of_the_tenant_get_one_letter(people: Tenant, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://connect.example.com"
    notice = _notify(people, text="The receiver is gone.", link="/admin/x/1/change/")
    assert mail_notices() == 1
    (letter,) = mail.outbox
    assert letter.to == ["admin@acme.example", "manager@acme.example"]
    assert letter.subject == f"A webhook was switched off ({people.name})"
    assert letter.body == "The receiver is gone.\n\nhttps://connect.example.com/admin/x/1/change/"
    notice.refresh_from_db()
    assert notice.mailed_at is not None
    assert mail_notices() == 0
    assert len(mail.outbox) == 1


def test_a_letter_without_an_address_of_ours_names_no_path(people: Tenant) -> None:
    _notify(people, link="/admin/x/1/change/")
    mail_notices()
    assert mail.outbox[0].body == "A webhook was switched off"


def test_what_happens_in_the_test_twin_is_told_to_the_managers_of_its_tenant(people: Tenant) -> None:
    _notify(factories.twin(people), title="Of two\nlines")
    mail_notices()
    assert mail.outbox[0].to == ["admin@acme.example", "manager@acme.example"]
    assert mail.outbox[0].subject == f"Of two lines ({people.name} (test))"


def test_who_may_not_log_in_gets_no_letters(people: Tenant) -> None:
    people.memberships.get(role=Role.ADMIN).user.delete()
    manager = people.memberships.get(role=Role.MANAGER).user
    manager.is_active = False
    manager.save()
    notice = _notify(people)
    assert mail_notices() == 1
    notice.refresh_from_db()
    assert (mail.outbox, notice.mailed_at is not None) == ([], True)


def test_a_letter_that_is_refused_is_sent_later(people: Tenant, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    notice = _notify(people)
    assert mail_notices() == 0
    notice.refresh_from_db()
    assert notice.mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_notices() == 1
    assert len(mail.outbox) == 1


def test_after_a_day_nobody_tries_any_more(people: Tenant) -> None:
    _notify(people)
    ManagerNotice.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert mail_notices() == 0
    assert mail.outbox == []


def test_with_nothing_to_mail_it_asks_one_question() -> None:
    with CaptureQueriesContext(connection) as statements:
        assert mail_notices() == 0
    assert len(statements) == 1


def test_a_worker_is_called_after_the_commit_and_not_before(
    people: Tenant, django_capture_on_commit_callbacks: _Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            _notify(people)
        assert redis_client().llen("default") == 0
    assert redis_client().llen("default") == 1
    assert mail.outbox == []


def test_a_long_title_is_cut(people: Tenant) -> None:
    assert _notify(people, title="x" * 300).title == "x" * 200
