"""Whoever plans a suggestion dies, or its bell is lost: it is planned all the same, and once."""

import os
import signal
from collections.abc import Callable

import pytest

from ordinavo.local.children import Child
from targets.routes.models import RouteSuggestion, Stop
from targets.routes.services.asking import Asker, ask_suggestion
from tests import factories
from tests.routes.rows import fresh, targets
from tests.survival.stage import Stage, wait
from tests.visits.rows import DAY, employee

pytestmark = pytest.mark.slow


def asked(*, seconds: float) -> RouteSuggestion:
    """A suggestion for twenty targets, which takes so long to plan."""
    tenant = factories.tenant()
    for _ in range(2):
        employee(tenant)
    wanted = [one.pk for one in targets(tenant, 20)]
    suggestion = ask_suggestion(tenant=tenant, route_date=DAY, target_ids=wanted, asker=Asker())
    RouteSuggestion.objects.filter(pk=suggestion.pk).update(budget_seconds=seconds)
    return suggestion


def assert_planned_once(suggestion: RouteSuggestion) -> None:
    """Every target is on a route or left out, once."""
    planned = list(Stop.objects.filter(route__suggestion=suggestion).values_list("target_id", flat=True))
    out = list(suggestion.exclusions.values_list("target_id", flat=True))
    assert sorted(planned + out) == sorted(suggestion.candidates.values_list("target_id", flat=True))
    assert (fresh(suggestion).revision, fresh(suggestion).lease_until) == (2, None)


def is_under_way(suggestion: RouteSuggestion) -> bool:
    """Whether a worker has told of progress."""
    return fresh(suggestion).progress >= 5


def is_draft(suggestion: RouteSuggestion) -> bool:
    """Whether there is an answer."""
    return fresh(suggestion).status == RouteSuggestion.Status.DRAFT


def _killed(stage: Stage, worker: Child) -> None:
    stage.forget(worker)


def _frozen(stage: Stage, worker: Child) -> None:
    os.kill(worker.process.pid, signal.SIGSTOP)


@pytest.mark.parametrize("end", [_killed, _frozen])
def test_a_suggestion_whose_worker_is_killed_or_frozen_is_planned_by_another_one(
    stage: Stage, end: Callable[[Stage, Child], None]
) -> None:
    stage.start("worker")
    planner = stage.start("routes")
    suggestion = asked(seconds=4)
    wait(lambda: is_under_way(suggestion), "planning has begun")
    end(stage, planner)
    stage.start("routes")
    wait(lambda: is_draft(suggestion), "the draft is there", seconds=30)
    assert fresh(suggestion).attempts == 2
    assert_planned_once(suggestion)
    if end is _frozen:
        os.kill(planner.process.pid, signal.SIGCONT)
        # It wakes up, finds that its claim is lost, and goes on with whatever else there is.
        later = asked(seconds=0.1)
        wait(lambda: is_draft(later), "the next one is planned")
        assert fresh(suggestion).attempts == 2
        assert_planned_once(suggestion)


def test_a_suggestion_whose_bell_is_lost_is_rung_for_again(stage: Stage) -> None:
    suggestion = asked(seconds=0.1)
    stage.broker.flushall()
    stage.start("worker")
    stage.start("routes")
    wait(lambda: is_draft(suggestion), "the draft is there", seconds=30)
    assert_planned_once(suggestion)
