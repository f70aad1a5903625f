"""The bell of the import engine: a task rings, the engine works, the row is the queue."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from targets.imports.models import ImportJob
from targets.imports.pipeline.chunk import work_chunk

log = structlog.get_logger("ordinavo.imports")

# A job that was rung for this long ago and is not finished has lost its bell or its worker.
SILENCE = timedelta(seconds=20)
_MOST_AT_ONCE = 100


@shared_task
def work_job(job_id: int) -> None:
    """Work off one chunk and ring again, so that a long job lets others in between."""
    if work_chunk(job_id):
        ring(job_id)


@shared_task
def sweep_jobs() -> None:
    """Rung by beat: call a worker for every job that nobody has worked on lately."""
    now = timezone.now()
    silent = ImportJob.objects.filter(finished_at=None, rung_at__lt=now - SILENCE).order_by("rung_at")
    for job_id in list(silent.values_list("id", flat=True)[:_MOST_AT_ONCE]):
        # Two beats must not ring twice: only one of them moves the time.
        if ImportJob.objects.filter(id=job_id, rung_at__lt=now - SILENCE).update(rung_at=now):
            ring(job_id)


def ring(job_id: int) -> None:
    """Call a worker; if the broker is away the sweeper will, so nothing is lost."""
    try:
        work_job.delay(job_id)
    except OperationalError:
        log.warning("broker_away", job_id=job_id)
