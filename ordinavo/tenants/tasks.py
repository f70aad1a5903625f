"""The bell of the mail, for which the notice is the queue; and a chore."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from ordinavo.tenants import mailing
from ordinavo.tenants.services import lockout

log = structlog.get_logger("ordinavo.tenants")


@shared_task
def mail_notices() -> int:
    """Mail what has not been mailed; return how many. Beat rings too, for what was lost or refused."""
    return mailing.mail_notices()


@shared_task
def prune_failed_logins() -> int:
    """Delete counts of failed log-ins that matter no more; return how many."""
    return lockout.prune()


def ring() -> None:
    """Call a worker; if the broker is away beat will."""
    try:
        mail_notices.delay()
    except OperationalError:
        log.warning("broker_away", task="mail_notices")
