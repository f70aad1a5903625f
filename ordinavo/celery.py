"""The Celery application; tasks stand in each app's `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_ready
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars

from ordinavo.kernel.logging import configure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ordinavo.settings")

app = Celery("ordinavo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_our_logs(**_: Any) -> None:
    configure(settings.LOGGING)


@worker_ready.connect
def _be_heard_at_once(**_: Any) -> None:
    # Through the broker like any task: beat's first ring may be ten seconds away.
    app.send_task("ordinavo.kernel.tasks.heartbeat")


@task_prerun.connect
def _bind_task(task_id: str, task: Any, **_: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def _unbind_task(**_: Any) -> None:
    clear_contextvars()
