"""The bell of the route engine; the row is the queue."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger("ordinavo.routes")

_TASK = "targets.routes.tasks.solve_suggestion"


def ring(suggestion_id: int) -> None:
    """Call a worker; if the broker is away the sweep will. By name: who rings needs no engine in memory."""
    try:
        current_app.send_task(_TASK, [suggestion_id])
    except OperationalError:
        log.warning("broker_away", suggestion_id=suggestion_id)
