"""How employees got in is forgotten once nobody asks for it any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ordinavo.tenants.models import Tenant
from targets.visits.models import Device, Invitation
from targets.visits.selectors.devices import KEPT
from targets.visits.services import tidying
from targets.visits.services.tidying import ACCESS_KEPT
from targets.visits.tasks import prune_access
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "_STEP", 2)


def test_devices_that_are_out_for_long_are_forgotten_and_others_stay(tenant: Tenant) -> None:
    who, now = employee(tenant), timezone.now()
    past = now - ACCESS_KEPT
    for name, seen, out in (
        ("in use", now, None),
        ("just out", past, past + SOON),
        ("unused, not for long", past - KEPT + SOON, None),
        ("out", past, past - SOON),
        ("out too", past, past - SOON),
        ("unused", past - KEPT - SOON, None),
    ):
        Device.objects.create(employee=who, digest=name, name=name, last_seen_at=seen, signed_out_at=out)

    assert (prune_access(), prune_access()) == (3, 0)
    assert set(Device.objects.values_list("name", flat=True)) == {
        "in use",
        "just out",
        "unused, not for long",
    }


def test_invitations_that_are_over_for_long_are_forgotten_and_others_stay(tenant: Tenant) -> None:
    who, now = employee(tenant), timezone.now()
    for name, expires in (("open", now + SOON), ("over", now - SOON), ("long", now - ACCESS_KEPT - SOON)):
        Invitation.objects.create(employee=who, digest=name, expires_at=expires)

    assert prune_access() == 1
    assert set(Invitation.objects.values_list("digest", flat=True)) == {"open", "over"}
