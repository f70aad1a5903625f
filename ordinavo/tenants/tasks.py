"""The bell of the mail: the notice is the queue."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from ordinavo.tenants import mailing

log = structlog.get_logger("ordinavo.tenants")


@shared_task
def mail_notices() -> int:
    """Mail what has not been mailed; return how many. Beat rings too, for what was lost or refused."""
    return mailing.mail_notices()


def ring() -> None:
    """Call a worker; if the broker is away beat will."""
    try:
        mail_notices.delay()
    except OperationalError:
        log.warning("broker_away", task="mail_notices")
