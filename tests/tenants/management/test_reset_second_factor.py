"""The operator's way in for those whom nobody can help from within."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ordinavo.tenants.doors import SecondFactor
from ordinavo.tenants.models import AuditEntry, Role, Tenant
from ordinavo.tenants.services.members import add_member


def test_it_takes_the_factor_away_and_records_it(tenant: Tenant) -> None:
    boss = add_member(tenant=tenant, email="boss@x.example", role=Role.ADMIN).user
    SecondFactor.objects.create(user=boss, secret=b"-", confirmed_at=boss.date_joined)
    said = StringIO()

    call_command("reset_second_factor", "Boss@X.example", "--json", stdout=said)

    assert json.loads(said.getvalue()) == {"secondFactorRemoved": True, "unlocked": False}
    assert not SecondFactor.objects.exists()
    entry = AuditEntry.objects.get(action="second_factor.removed")
    assert (entry.tenant, entry.actor, entry.subject_id) == (tenant, None, boss.pk)


def test_an_address_that_nobody_has_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody logs in with this address"):
        call_command("reset_second_factor", "nobody@x.example")
