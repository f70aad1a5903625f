"""The Celery application; tasks stand in each app's `tasks.py`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    heartbeat_sent,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_ready,
)
from django.conf import settings
from django.db import connections
from structlog.contextvars import bind_contextvars, clear_contextvars

from ordinavo.kernel.health import note_beat
from ordinavo.kernel.liveness import note_working
from ordinavo.kernel.logging import configure
from ordinavo.kernel.measures import count_into, forget
from ordinavo.kernel.sent import stamp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ordinavo.settings")

app = Celery("ordinavo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_our_logs(**_: Any) -> None:
    configure(settings.LOGGING)


@before_task_publish.connect
def _stamp(headers: dict[str, Any], **_: Any) -> None:
    stamp(headers)


@beat_init.connect
def _say_that_beat_lives(**_: Any) -> None:
    # Kept by name: signals hold their receivers weakly, and this one is for beat's own process only.
    before_task_publish.connect(_beat_is_heard)


def _beat_is_heard(**_: Any) -> None:
    note_beat()


@worker_init.connect
def _count(sender: Any, **_: Any) -> None:
    forget(settings.METRICS_DIR, sender.hostname)
    count_into(settings.METRICS_DIR, sender.hostname)


@worker_init.connect
def _limit_sessions(**_: Any) -> None:
    # Before the fork: the processes of the pool inherit it.
    options = connections.settings["default"]["OPTIONS"]
    limits = [f"-c {name}={value}" for name, value in settings.WORKER_SESSION.items()]
    options["options"] = " ".join(filter(None, [options.get("options"), *limits]))


@worker_process_init.connect
def _spare_the_collector(**_: Any) -> None:
    # What was loaded at the start lives as long as we do; looking through it took a sixth of an import.
    gc.collect()
    gc.freeze()


@worker_ready.connect
def _be_heard_at_once(**_: Any) -> None:
    # Through the broker like any task: beat's first ring may be ten seconds away.
    app.send_task("ordinavo.kernel.tasks.heartbeat")


@heartbeat_sent.connect
def _be_counted(sender: Any, **_: Any) -> None:
    note_working(sender.eventer.hostname)


@task_prerun.connect
def _bind_task(task_id: str, task: Any, **_: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def _unbind_task(**_: Any) -> None:
    clear_contextvars()
