import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ordinavo.tenants.models import Tenant

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_tenant", *arguments, stdout=out)
    return out.getvalue()


def test_a_tenant_is_made_and_told_to_people() -> None:
    out = _run("--slug", "acme", "--name", "Acme", "--country", "AT", "--time-zone", "Europe/Vienna")
    tenant = Tenant.objects.get(slug="acme")
    assert out == f"id: {tenant.id}\nslug: acme\nname: Acme\ntestTwin: acme-test\n"
    assert (tenant.country, tenant.time_zone, tenant.currency) == ("AT", "Europe/Vienna", "EUR")


def test_a_tenant_is_made_and_told_to_programs() -> None:
    told = json.loads(_run("--slug", "acme", "--name", "Acmé", "--json"))
    tenant = Tenant.objects.get(slug="acme")
    assert told == {"id": tenant.id, "slug": "acme", "name": "Acmé", "testTwin": "acme-test"}


def test_a_refusal_is_one_sentence_per_fault() -> None:
    with pytest.raises(CommandError) as refusal:
        _run("--slug", "A", "--name", "Acme", "--country", "XX")
    assert str(refusal.value) == (
        "slug: Use a-z, 0-9 and hyphens. country: XX is not an ISO 3166-1 alpha-2 country code."
    )
    assert not Tenant.objects.exists()
