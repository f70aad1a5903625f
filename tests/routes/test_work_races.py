"""Many workers, managers and imports at one suggestion: each thing is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from ordinavo.kernel.errors import Conflict
from ordinavo.tenants.models import Tenant
from targets.models import Target
from targets.routes.models import RouteSuggestion
from targets.routes.services.deciding import cancel_planning
from targets.routes.services.publishing import publish_routes
from targets.routes.solving.hold import Lost, claim, claim_silent
from targets.routes.solving.work import GAVE_UP, work_suggestion
from targets.visits.models import Appointment
from tests.api import Api
from tests.imports.sending import result, send
from tests.routes.rows import asked, drafted, fresh, stops_of, targets
from tests.visits.rows import employee

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Return what each call returned, or the `Conflict` that it raised."""
    gate = Barrier(len(calls), timeout=30)

    def one(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=20)
            return call()
        except Conflict as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_of_many_workers_one_solves(tenant: Tenant) -> None:
    employee(tenant)
    suggestion = asked(tenant, targets(tenant, 3))
    all_at_once([lambda: work_suggestion(suggestion.pk)] * 6)
    row = fresh(suggestion)
    assert (row.status, row.attempts, row.revision) == ("Draft", 1, 2)
    assert [stop.sequence for stop in stops_of(row)] == [1, 2, 3]


def test_of_many_managers_one_publishes(tenant: Tenant) -> None:
    employee(tenant)
    draft = drafted(tenant, targets(tenant, 3))
    publish = partial(publish_routes, suggestion=draft, revision=draft.revision, actor=None)
    done = all_at_once([publish] * 6)
    assert sum(isinstance(one, Conflict) for one in done) == 5
    assert Appointment.objects.count() == 3
    assert set(Target.objects.values_list("status", "revision")) == {("Scheduled", 2)}


def test_of_many_drafts_for_one_person_one_is_published(tenant: Tenant) -> None:
    employee(tenant)
    drafts = [drafted(tenant, targets(tenant, 2)) for _ in range(5)]
    done = all_at_once(
        [partial(publish_routes, suggestion=one, revision=one.revision, actor=None) for one in drafts]
    )
    assert sum(isinstance(one, Conflict) for one in done) == 4
    assert Appointment.objects.count() == 2


def test_publishing_and_cancelling_one_target_end_in_one_of_both_orders(api: Api, tenant: Tenant) -> None:
    employee(tenant)
    wanted = targets(tenant, 4)
    draft = drafted(tenant, wanted)

    def cancel(one: Target) -> str:
        return result(send(api, externalId=one.external_id, operation="cancel"))

    cancels = [partial(cancel, one) for one in wanted]
    publish = partial(publish_routes, suggestion=draft, revision=draft.revision, actor=None)
    *cancelled, outcome = all_at_once([*cancels, publish])
    assert cancelled == ["Cancelled"] * 4
    assert set(Target.objects.values_list("status", flat=True)) == {"Cancelled"}
    assert not Appointment.objects.exclude(status="Cancelled").exists()
    assert Appointment.objects.count() + len(outcome.dropped) == 4


# --- Claims ------------------------------------------------------------------------------------------------


def test_a_claim_that_ran_out_is_taken_over_and_the_late_worker_stores_nothing(tenant: Tenant) -> None:
    employee(tenant)
    suggestion = asked(tenant, targets(tenant, 2))
    late = claim(suggestion.pk)
    assert late is not None
    assert claim(suggestion.pk) is None
    RouteSuggestion.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_suggestion(suggestion.pk)
    assert (fresh(suggestion).status, fresh(suggestion).attempts) == ("Draft", 2)
    with pytest.raises(Lost):
        late.renew(50)
    with transaction.atomic(), pytest.raises(Lost):
        late.locked()


def test_a_worker_notices_that_planning_was_cancelled(tenant: Tenant) -> None:
    suggestion = asked(tenant, targets(tenant, 2))
    hold = claim(suggestion.pk)
    assert hold is not None
    hold.renew(30)
    assert fresh(suggestion).progress == 30
    cancel_planning(suggestion=suggestion, actor=None)
    with pytest.raises(Lost):
        hold.renew(40)
    assert (fresh(suggestion).progress, fresh(suggestion).status) == (30, "Failed")


def test_progress_is_told_once_a_second_at_most(tenant: Tenant) -> None:
    suggestion = asked(tenant, targets(tenant, 1))
    hold = claim(suggestion.pk)
    assert hold is not None
    assert [hold.go_on(percent) for percent in range(50)] == [True] * 50
    assert fresh(suggestion).progress == 0


def test_a_suggestion_whose_workers_keep_dying_is_given_up(tenant: Tenant, settings: Settings) -> None:
    suggestion = asked(tenant, targets(tenant, 1))
    for _ in range(settings.ROUTES_MOST_ATTEMPTS):
        assert claim(suggestion.pk) is not None
        RouteSuggestion.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_suggestion(suggestion.pk)
    assert (fresh(suggestion).status, fresh(suggestion).failure) == ("Failed", GAVE_UP)


def test_the_sweep_rings_for_what_is_silent_and_for_nothing_else(tenant: Tenant) -> None:
    now = timezone.now()
    silent, held, done, new = (asked(tenant, targets(tenant, 1)) for _ in range(4))
    RouteSuggestion.objects.update(rung_at=now - timedelta(minutes=1))
    RouteSuggestion.objects.filter(pk=new.pk).update(rung_at=now)
    RouteSuggestion.objects.filter(pk=done.pk).update(status="Draft")
    claim(held.pk)
    before = now - timedelta(seconds=30)
    assert claim_silent(before=before) == [silent.pk]
    assert claim_silent(before=before) == []
    RouteSuggestion.objects.filter(pk=held.pk).update(lease_until=now - timedelta(seconds=1))
    assert claim_silent(before=before) == [held.pk]
