"""Who guesses is locked out, and nobody else."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils import timezone

from ordinavo.tenants.doors import FailedLogins
from ordinavo.tenants.models import AuditEntry, Role, Tenant, User
from ordinavo.tenants.services import lockout
from ordinavo.tenants.services.members import add_member
from ordinavo.tenants.tasks import prune_failed_logins
from tests import factories

EMAIL, RIGHT, WRONG = "anna@x.example", "correct horse battery", "battery horse"


@pytest.fixture
def anna(tenant: Tenant) -> User:
    return add_member(tenant=tenant, email=EMAIL, role=Role.ADMIN, password=RIGHT).user


def calling(address: str = "198.51.100.7", **headers: Any) -> HttpRequest:
    return RequestFactory().post("/", REMOTE_ADDR=address, **headers)


def guess(times: int, request: HttpRequest | None = None, email: str = EMAIL) -> None:
    for _ in range(times):
        assert authenticate(request or calling(), username=email, password=WRONG) is None


def log_in(request: HttpRequest | None = None, email: str = EMAIL) -> object:
    return authenticate(request or calling(), username=email, password=RIGHT)


def age(by: timedelta) -> None:
    FailedLogins.objects.update(last_at=timezone.now() - by)


def test_the_right_password_opens_after_four_wrong_ones_and_wipes_the_count(anna: User) -> None:
    guess(4)

    assert log_in() == anna
    assert not FailedLogins.objects.exists()


def test_after_five_wrong_ones_even_the_right_password_is_refused(anna: User) -> None:
    guess(5)
    request = calling()

    assert log_in(request) is None
    assert request.login_locked is True  # type: ignore[attr-defined]
    assert FailedLogins.objects.get().failures == 5


def test_the_fifth_wrong_password_is_told_that_it_was_one_too_many(anna: User) -> None:
    requests = [calling() for _ in range(5)]
    for request in requests:
        guess(1, request)

    assert [getattr(request, "login_locked", False) for request in requests] == [False] * 4 + [True]


def test_the_case_of_the_address_makes_no_other_account(anna: User) -> None:
    guess(3)
    guess(2, email=" Anna@X.EXAMPLE ")

    assert log_in() is None
    assert FailedLogins.objects.count() == 1


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(anna: User) -> None:
    guess(5)
    age(lockout.COOL_OFF - timedelta(seconds=5))
    assert log_in() is None
    age(lockout.COOL_OFF)

    assert log_in() == anna


def test_attempts_while_locked_do_not_lengthen_the_lock(anna: User) -> None:
    guess(5)
    age(timedelta(minutes=14))
    before = FailedLogins.objects.get().last_at
    guess(3)

    assert FailedLogins.objects.get().last_at == before


def test_old_failures_do_not_count(anna: User) -> None:
    guess(4)
    age(lockout.COOL_OFF)
    guess(1)

    assert FailedLogins.objects.get().failures == 1


def test_a_stranger_locks_out_nobody_but_themselves(anna: User, tenant: Tenant) -> None:
    add_member(tenant=tenant, email="ben@x.example", role=Role.MANAGER, password=RIGHT)
    guess(9, calling("203.0.113.9"))

    assert log_in(calling("198.51.100.7")) == anna
    assert log_in(calling("203.0.113.9"), email="ben@x.example") is not None


def test_one_caller_has_a_whole_ipv6_network(anna: User) -> None:
    for last in range(5):
        guess(1, calling(f"2001:db8:1:2::{last}"))

    assert log_in(calling("2001:db8:1:2:ffff::1")) is None
    assert log_in(calling("2001:db8:1:3::1")) == anna


@override_settings(TRUSTED_PROXIES=1)
def test_the_address_is_the_one_before_the_trusted_proxy(anna: User) -> None:
    for forged in range(5):
        guess(1, calling("10.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{forged}, 203.0.113.9"))

    assert log_in(calling("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9")) is None
    assert log_in(calling("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.10")) == anna


def test_an_address_that_nobody_has_is_treated_alike(db: None) -> None:
    guess(5, email="nobody@x.example")
    request = calling()
    guess(1, request, email="nobody@x.example")

    assert request.login_locked is True  # type: ignore[attr-defined]
    assert FailedLogins.objects.get().user is None


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_looked_at_than_of_as_many_in_a_row() -> None:
    tenant = factories.tenant()
    user = add_member(tenant=tenant, email=EMAIL, role=Role.ADMIN, password=RIGHT).user
    door = lockout.login_door(email=EMAIL, request=calling())

    def knock(_: int) -> bool:
        try:
            return lockout.knock(door=door)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        looked_at = list(pool.map(knock, range(24)))

    assert sum(looked_at) == lockout.MOST_FAILURES
    assert FailedLogins.objects.get().user == user


def test_unlocking_is_recorded_and_opens_at_once(anna: User, tenant: Tenant) -> None:
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.ADMIN).user
    guess(5)

    assert lockout.unlock(user=anna, actor=boss) is True
    assert lockout.unlock(user=anna, actor=boss) is False

    entry = AuditEntry.objects.get(action="user.unlocked")
    assert (entry.tenant, entry.actor, entry.subject_id) == (tenant, boss, anna.pk)
    assert log_in() == anna


def test_the_table_holds_no_address_of_a_person(anna: User) -> None:
    guess(1)
    guess(1, email="my secret password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT f::text FROM tenants_failedlogins f")
        lines = "".join(line for (line,) in cursor.fetchall())

    assert "anna" not in lines
    assert "secret" not in lines
    # bytea is written in hexadecimal digits.
    assert b"anna".hex() not in lines


def test_neither_addresses_nor_passwords_are_logged(anna: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        guess(6)

    assert "login_locked" in caplog.text
    for word in ("anna", WRONG, "198.51"):
        assert word not in caplog.text


def test_counts_are_forgotten_after_a_day(anna: User) -> None:
    guess(1)
    assert prune_failed_logins() == 0
    age(timedelta(days=1, minutes=1))

    assert prune_failed_logins() == 1
    assert not FailedLogins.objects.exists()
