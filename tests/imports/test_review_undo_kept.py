"""What decisions wrote is kept for ninety days; then they stand for good, and it is forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Alias, Customer, ExternalReference
from ordinavo.kernel.errors import Conflict
from ordinavo.schedule import BEAT
from ordinavo.tenants.models import User
from targets.imports import tasks
from targets.imports.api.forms import judge_form
from targets.imports.models import ReviewDecision, SettledItem
from targets.imports.selectors.decided import last_decision_of
from targets.imports.services import tidying
from targets.imports.services.queueing import refuse_candidate
from targets.imports.services.reviews import link_review
from targets.imports.services.undoing import foretell_undo, undo_decision
from targets.models import Target
from tests.api import Api
from tests.imports.deciding import SENT, decision, open_review
from tests.imports.mapped import mapped

pytestmark = pytest.mark.django_db


def decided(crm: Api, number: int, record: Customer, manager: User, *, days: float) -> ReviewDecision:
    """A decision of so many days ago, about two targets."""
    sent = {**SENT, "externalId": f"C-{number}"}
    for letter in "AB":
        mapped(crm, externalId=f"T-{number}{letter}", customer=sent)
    link_review(review=open_review(), record=record, actor=manager)
    made = decision()
    ReviewDecision.objects.filter(pk=made.pk).update(decided_at=timezone.now() - timedelta(days=days))
    made.refresh_from_db()
    return made


def test_what_stands_for_good_is_forgotten_and_who_decided_stays(
    crm: Api, pair: list[Customer], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "STEP", 1)
    old = decided(crm, 1, pair[0], manager, days=92)
    young = decided(crm, 2, pair[1], manager, days=89)

    assert tasks.forget_old_decisions() == 3
    assert tasks.forget_old_decisions() == 0

    old.refresh_from_db()
    assert (old.written, old.verb, old.record_id, old.decided_by) == ({}, "linked", pair[0].pk, manager)
    assert set(SettledItem.objects.values_list("decision", flat=True)) == {young.pk}
    assert Target.objects.filter(customer=pair[0]).count() == 2
    assert ExternalReference.objects.count() == Alias.objects.count() == 2
    undo_decision(decision=young, actor=None, judge=judge_form)
    assert not Target.objects.filter(customer=pair[1]).exists()


@pytest.mark.parametrize("days", [90, 92])
def test_an_old_decision_is_not_taken_back_forgotten_or_not(
    days: int, crm: Api, pair: list[Customer], manager: User
) -> None:
    old = decided(crm, 1, pair[0], manager, days=days)
    tasks.forget_old_decisions()

    for attempt in (foretell_undo, undo_decision):
        with pytest.raises(Conflict, match="This decision is older than 90 days: it stands for good"):
            attempt(decision=old, actor=manager, judge=judge_form)

    assert Target.objects.filter(customer=pair[0]).count() == 2
    assert last_decision_of(manager, tenant=crm.client.tenant) is None


def test_an_old_refusal_stands_too(crm: Api, pair: list[Customer], manager: User) -> None:
    mapped(crm, customer=SENT)
    refuse_candidate(review=open_review(), record_id=pair[0].pk, actor=manager)
    ReviewDecision.objects.update(decided_at=timezone.now() - timedelta(days=91))

    with pytest.raises(Conflict, match="stands for good"):
        undo_decision(decision=decision(), actor=manager, judge=judge_form)
    assert [one["id"] for one in open_review().candidates] == [pair[1].pk]


def test_beat_forgets_each_night() -> None:
    assert BEAT["forget-old-decisions"]["task"] == tasks.forget_old_decisions.name
