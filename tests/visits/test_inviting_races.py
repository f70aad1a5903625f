"""Invitations at the same moment, each request with its own thread and connection."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from ordinavo.tenants.models import Tenant, User
from targets.visits.models import Device, Invitation
from targets.visits.services.inviting import invite_employee
from tests.visits.phones import PASSWORD
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 6


def _all_at_once(call: Callable[[], object]) -> list[object]:
    gate = Barrier(CROWD, timeout=30)

    def one(_: int) -> object:
        try:
            gate.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(one, range(CROWD)))


def test_of_many_invitations_one_works_and_of_many_who_use_it_one_gets_in(tenant: Tenant) -> None:
    ada = employee(tenant)

    made = _all_at_once(lambda: invite_employee(employee=ada, email="ada@x.example", actor=None)[1])

    assert (User.objects.count(), Invitation.objects.filter(withdrawn_at=None).count()) == (1, 1)
    codes: Counter[object] = Counter()
    for secret in made:
        given = {"key": str(secret), "password": PASSWORD, "again": PASSWORD, "language": "en"}
        codes.update(_all_at_once(lambda: Client().post("/myday/invitation/", given).status_code))  # noqa: B023
    assert codes == {302: 1, 404: CROWD * CROWD - 1}
    assert Device.objects.count() == 1
