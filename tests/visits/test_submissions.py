"""A weak line: the same is sent again, and counts once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import IntegrationClient
from ordinavo.tenants.models import Tenant
from targets.visits.models import Appointment, Submission, VisitReport
from targets.visits.services.tidying import SUBMISSION_KEPT
from targets.visits.states import MoveRefused
from targets.visits.tasks import prune_submissions
from tests.visits import field
from tests.visits.rows import employee
from tests.webhooks import rows
from tests.webhooks.telling import types

pytestmark = pytest.mark.django_db

Act = Callable[..., Any]


@pytest.fixture
def visit(tenant: Tenant, erp: IntegrationClient) -> Appointment:
    [one] = field.day_of(tenant)
    rows.subscription(erp, "target.*", "appointment.*", "visit_report.*")
    return one


@pytest.mark.parametrize("act", [field.start, field.complete, field.problem, field.draft, field.submit])
def test_what_is_sent_again_is_answered_again_and_changes_nothing(visit: Appointment, act: Act) -> None:
    if act is not field.start:
        field.start(visit)
    key = field.key()
    first = act(visit, key=key)
    before = types(), Appointment.objects.values().get(), list(VisitReport.objects.values())
    # Its clock goes on while the phone tries again.
    second = act(visit, key=key, at=timezone.now() + timedelta(minutes=3))
    assert second.pk == first.pk
    assert second.status == first.status
    assert before == (types(), Appointment.objects.values().get(), list(VisitReport.objects.values()))


def test_an_old_draft_that_comes_again_does_not_undo_the_newer_one(visit: Appointment) -> None:
    field.start(visit)
    key = field.key()
    field.draft(visit, key=key)
    field.submit(visit, version=1)
    late = field.draft(visit, key=key)
    assert (late.status, late.summary, late.version) == ("Submitted", "Filter replaced.", 2)


def test_another_content_under_the_same_key_is_refused(visit: Appointment) -> None:
    field.start(visit, key="k")
    for act, given in ((field.complete, {}), (field.draft, {}), (field.problem, {"text": "x"})):
        with pytest.raises(MoveRefused, match="under the same key") as refused:
            act(visit, key="k", **given)
        assert refused.value.code == "key_used"
    field.draft(visit, key="d")
    with pytest.raises(MoveRefused, match="under the same key"):
        field.draft(visit, key="d", version=1)
    assert VisitReport.objects.get().version == 1


def test_a_key_belongs_to_one_employee(tenant: Tenant, visit: Appointment) -> None:
    [other] = field.day_of(tenant, who=employee(tenant))
    field.start(visit, key="k")
    field.start(other, key="k")
    assert set(Appointment.objects.values_list("status", flat=True)) == {"Started"}


def test_a_refusal_keeps_nothing_so_that_it_can_be_sent_again(visit: Appointment) -> None:
    with pytest.raises(MoveRefused, match="Start it first"):
        field.complete(visit, key="k")
    assert not Submission.objects.exists()
    field.start(visit)
    assert field.complete(visit, key="k").status == "Completed"


def test_what_nobody_will_send_again_is_forgotten(visit: Appointment) -> None:
    field.start(visit, key="old")
    Submission.objects.update(created_at=timezone.now() - SUBMISSION_KEPT - timedelta(minutes=1))
    field.complete(visit, key="new")
    assert prune_submissions() == 1
    assert list(Submission.objects.values_list("key", flat=True)) == ["new"]
