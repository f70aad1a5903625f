"""Solving one suggestion: claim, read, plan, record; nothing is locked while it is planned."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ordinavo.kernel import correlation
from ordinavo.kernel.postgres.away import AWAY
from targets.routes.events import tell_created
from targets.routes.models import Exclusion, RouteSuggestion
from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan
from targets.routes.planning.solve import solve
from targets.routes.solving.build import Sketch, digest_of, sketch_of
from targets.routes.solving.day import Day, read_day
from targets.routes.solving.ending import give_up
from targets.routes.solving.facts import Facts
from targets.routes.solving.hold import Hold, Lost, claim
from targets.routes.solving.reasons import left_out_of, told_of
from targets.routes.solving.record import Answer, store_answer, summarise
from targets.routes.solving.screening import BY_HAND, LeftOut, screen
from targets.routes.solving.travel import travel_between
from targets.routes.solving.unfit import unfit_visits

log = structlog.get_logger("ordinavo.routes")

Status = RouteSuggestion.Status
# Of the progress bar: reading and travel times before the search, explanations after it.
_READY, _FOUND = 5, 90
GAVE_UP = "Planning ended without an answer, several times. Try again with fewer targets."
FAILED = "Something went wrong on our side. It has been logged."


@dataclass(frozen=True)
class _Question:
    day: Day
    facts: dict[int, Facts]
    left_out: list[LeftOut]
    sketch: Sketch
    problem: Problem
    source: str
    unfit: list[dict[str, Any]]


def work_suggestion(suggestion_id: int) -> None:
    """Solve a pending suggestion, unless somebody else does. Harmless to call at any time."""
    hold = claim(suggestion_id)
    if hold is None:
        return
    suggestion = RouteSuggestion.objects.select_related("tenant").get(pk=suggestion_id)
    _speak_for(suggestion)
    try:
        _work(suggestion, hold)
    except Lost:
        log.info("planning_lost")
    except AWAY:
        # The database is away: the claim runs out, and the sweep calls the next worker.
        raise
    except Exception:
        log.exception("planning_failed")
        give_up(hold, FAILED)


def _work(suggestion: RouteSuggestion, hold: Hold) -> None:
    if suggestion.attempts > settings.ROUTES_MOST_ATTEMPTS:
        give_up(hold, GAVE_UP)
        return
    question = _ask(suggestion)
    hold.renew(_READY)
    plan = solve(
        question.problem,
        seconds=suggestion.budget_seconds,
        seed=suggestion.seed,
        progress=lambda percent: hold.go_on(_READY + percent * (_FOUND - _READY) // 100),
    )
    hold.renew(_FOUND)
    answer = _answer(suggestion, question, plan)
    with transaction.atomic():
        _record(hold.locked(), question, plan, answer)


def _ask(suggestion: RouteSuggestion) -> _Question:
    by_hand = _left_out_by_hand(suggestion)
    held = {one.target_id for one in by_hand}
    wanted = suggestion.candidates.values_list("target_id", flat=True)
    day = read_day(suggestion, target_ids=[pk for pk in wanted if pk not in held])
    facts, left_out = screen(day, people=len(sketch_of(day, []).people))
    sketch = sketch_of(day, facts)
    matrix, source = travel_between(sketch.places)
    return _Question(
        day,
        {one.target_id: one for one in facts},
        [*by_hand, *left_out],
        sketch,
        sketch.problem(matrix),
        source,
        unfit_visits(day, sketch, matrix),
    )


def _left_out_by_hand(suggestion: RouteSuggestion) -> list[LeftOut]:
    rows = Exclusion.objects.filter(suggestion=suggestion, reason_code=BY_HAND).order_by("id")
    return [LeftOut(one.target_id, BY_HAND, one.message, one.hint, one.details) for one in rows]


def _answer(suggestion: RouteSuggestion, question: _Question, plan: Plan) -> Answer:
    day, problem = question.day, question.problem
    return Answer(
        clock=question.sketch.clock,
        routes=plan.routes,
        left_out=[*question.left_out, *left_out_of(problem, plan, day, suggestion)],
        facts=question.facts,
        standing=day.standing,
        told=told_of(problem, plan, day),
        break_minutes=day.break_minutes,
        locked=frozenset(day.locked),
    )


def _record(row: RouteSuggestion, question: _Question, plan: Plan, answer: Answer) -> None:
    is_first, row.solved_at = row.solved_at is None, timezone.now()
    store_answer(row, answer)
    row.status, row.lease_until, row.failure, row.progress = Status.DRAFT, None, "", 100
    row.iterations, row.input_digest = plan.iterations, digest_of(question.problem)
    row.travel_source, row.unfit, row.edited_at = question.source, question.unfit, None
    row.summary = summarise(row)
    row.revision += 1
    row.save()
    if is_first:
        tell_created(row)


def _speak_for(suggestion: RouteSuggestion) -> None:
    """Let logs and events of this work carry the id of the request that asked for it."""
    correlation.correlation_id.set(suggestion.correlation_id)
    structlog.contextvars.bind_contextvars(
        correlation_id=suggestion.correlation_id,
        tenant_id=suggestion.tenant_id,
        suggestion_id=suggestion.pk,
    )
