"""The bells of the route engine: a task rings, the engine works, the row is the queue."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from targets.routes.bell import ring
from targets.routes.solving.hold import claim_silent

log = structlog.get_logger("ordinavo.routes")

# By name: all workers load the tasks, but only the one that plans needs the 50 MB of the search.
_ENGINE = "targets.routes.solving.work.work_suggestion"


@shared_task
def solve_suggestion(suggestion_id: int) -> None:
    """Plan one suggestion: a minute at most, in a process of its own."""
    import_string(_ENGINE)(suggestion_id)


@shared_task
def sweep_suggestions() -> None:
    """Rung by beat: call a worker for every pending suggestion that has lost its bell, or its worker.

    One bell too many does no harm: who comes late finds the suggestion claimed or done.
    """
    before = timezone.now() - timedelta(seconds=settings.ROUTES_SILENCE_SECONDS)
    for suggestion_id in claim_silent(before=before):
        log.warning("bell_lost", suggestion_id=suggestion_id)
        ring(suggestion_id)
