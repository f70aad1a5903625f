"""The kernel's only task: the worker says that it is alive."""

from celery import shared_task

from ordinavo.kernel.health import note_worker


@shared_task
def heartbeat() -> None:
    """Rung by beat every ten seconds; `/readyz` looks at the mark it leaves."""
    note_worker()
