"""The bell of the import engine: a task rings, the engine works, the row is the queue."""

import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from ordinavo.kernel.sent import sent_at
from targets.imports.models import ImportJob
from targets.imports.pipeline.chunk import work_chunk
from targets.imports.services import tidying

log = structlog.get_logger("ordinavo.imports")

_MOST_AT_ONCE = 100


@shared_task
def work_job(job_id: int) -> None:
    """Work off one chunk and ring again, so that a long job lets others in between."""
    if work_chunk(job_id):
        ring(job_id)


@shared_task(bind=True)
def sweep_jobs(self: "Task[Any, Any]") -> None:
    """Rung by beat: call a worker for every job that has lost its bell, or its worker.

    Tasks begin in the order in which they were sent. So if a job was rung well before this sweep was sent,
    its bell is no longer in the queue, however long the queue is; and if nobody holds its row, it is lost.
    """
    before = sent_at(self.request) - timedelta(seconds=settings.IMPORT_SILENCE_SECONDS)
    if not ImportJob.objects.filter(finished_at=None, rung_at__lt=before).exists():
        return
    # Whoever took the bell that stood just before us may be about to lock the row.
    time.sleep(settings.IMPORT_SILENCE_SECONDS / 5)
    for job_id in _claim_silent(before=before):
        log.warning("bell_lost", job_id=job_id)
        ring(job_id)


@shared_task
def forget_old_decisions() -> int:
    """Rung by beat each night: forget what decisions wrote that stand for good; return how many rows."""
    return tidying.forget_old_decisions()


@transaction.atomic
def _claim_silent(*, before: datetime) -> list[int]:
    """Return jobs that were last rung before that moment, and move it, so that no other sweep rings too."""
    silent = (
        # Whose row is locked is being worked on; waiting for a frozen worker would freeze the sweep.
        ImportJob.objects.select_for_update(skip_locked=True)
        .filter(finished_at=None, rung_at__lt=before)
        .order_by("rung_at")
    )
    job_ids = list(silent.values_list("id", flat=True)[:_MOST_AT_ONCE])
    ImportJob.objects.filter(id__in=job_ids).update(rung_at=timezone.now())
    return job_ids


def ring(job_id: int) -> None:
    """Call a worker; if the broker is away the sweeper will, so nothing is lost."""
    try:
        work_job.delay(job_id)
    except OperationalError:
        log.warning("broker_away", job_id=job_id)
