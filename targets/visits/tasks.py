"""The chores of field work, rung by beat; the rows are the queue, and doing them twice does no harm."""

import structlog
from celery import shared_task

from targets.visits.services import tidying
from targets.visits.services.billing import make_complete_ready
from targets.visits.services.follow_ups import follow_mappings
from targets.visits.services.settling import settle_overlooked

log = structlog.get_logger("ordinavo.visits")


@shared_task
def make_billing_ready() -> int:
    """Make billing events ready whose customer was mapped late; return how many."""
    return make_complete_ready()


@shared_task
def settle_billing() -> int:
    """Follow deliveries that ended while nobody listened; return how many billing events changed."""
    found = settle_overlooked()
    if found:
        log.warning("billing_overlooked", count=found)
    return found


@shared_task
def prune_submissions() -> int:
    """Forget what phones will not send again; return how much that was."""
    return tidying.prune_submissions()


@shared_task
def prune_access() -> int:
    """Forget invitations and devices that ended long ago; return how many."""
    return tidying.prune_access()


@shared_task
def discard_lost_files() -> int:
    """Delete files that no report knows; return how many there were."""
    found = tidying.discard_lost_files()
    if found:
        log.warning("files_lost", count=found)
    return found


@shared_task
def map_follow_ups() -> int:
    """Give follow-ups the customers that were mapped late to what they follow; return how many."""
    return follow_mappings()
