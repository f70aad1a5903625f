"""The bells of the route engine: a task rings, the engine works, the row is the queue."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from targets.routes.bell import ring
from targets.routes.solving.hold import claim_silent
from targets.routes.solving.work import work_suggestion

log = structlog.get_logger("ordinavo.routes")


@shared_task
def solve_suggestion(suggestion_id: int) -> None:
    """Plan one suggestion: a minute at most, in a process of its own."""
    work_suggestion(suggestion_id)


@shared_task
def sweep_suggestions() -> None:
    """Rung by beat: call a worker for every pending suggestion that has lost its bell, or its worker.

    One bell too many does no harm: who comes late finds the suggestion claimed or done.
    """
    before = timezone.now() - timedelta(seconds=settings.ROUTES_SILENCE_SECONDS)
    for suggestion_id in claim_silent(before=before):
        log.warning("bell_lost", suggestion_id=suggestion_id)
        ring(suggestion_id)
