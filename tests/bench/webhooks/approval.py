"""From a manager's approval to the receiver's 2xx: reports one after the other, at a human pace."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median, quantiles

from django.utils import timezone

from targets.visits.models import VisitReport
from targets.visits.services.approving import approve_report
from tests import factories
from tests.bench.figures import Figure
from tests.bench.webhooks.processes import DISPATCHER, running
from tests.bench.webhooks.receivers import Receivers, wait_until
from tests.visits.deciding import customer, handed_in, listener
from webhooks.models import Attempt, Delivery, Event

_REPORTS, _EVERY = 100, 0.3
_TYPES = ("visit_report.approved", "billing.event_created", "billing.event_ready")


def measure(receivers: Receivers) -> Iterator[Figure]:
    """Yield how long it takes until the outside system has heard of an approval, and of the bill."""
    tenant = factories.tenant()
    listener(factories.client(tenant), *_TYPES, url=receivers.url(0, "/now"))
    known = {"customer": customer(tenant)}
    first, *reports = [handed_in(tenant, of=known) for _ in range(_REPORTS + 1)]
    with running(DISPATCHER, "worker"):
        # Processes take their time to start: it is not what is measured.
        _approve(first)
        wait_until(lambda: not _open(), seconds=120, what="the first was told")
        approved = {report.pk: _approve(report) for report in reports}
        wait_until(lambda: not _open(), seconds=60, what="all were told")
    for kind in _TYPES:
        yield from _figures(kind, approved)


def _approve(report: VisitReport) -> datetime:
    """Approve, and return when that was asked for."""
    time.sleep(_EVERY)
    asked = timezone.now()
    approve_report(tenant=report.tenant, report_id=report.pk, actor=None)
    return asked


def _open() -> bool:
    return Delivery.objects.filter(event_type__in=_TYPES, status__in=Delivery.OPEN).exists()


def _figures(kind: str, approved: dict[int, datetime]) -> Iterator[Figure]:
    taken = list(_taken(kind, approved))
    if len(taken) != len(approved):
        raise RuntimeError(f"{len(taken)} of {len(approved)} {kind} were answered with 2xx.")
    p95 = quantiles(taken, n=20)[18]
    yield Figure(f"approval to 2xx of {kind}: p50", median(taken), "ms", "(for comparison)", good=True)
    yield Figure(f"approval to 2xx of {kind}: p95", p95, "ms", "≤ 2,000 ms", p95 <= 2000)


def _taken(kind: str, approved: dict[int, datetime]) -> Iterator[float]:
    """Yield the milliseconds until the answer was there."""
    subjects = dict(Event.objects.filter(type=kind, subject_id__in=approved).values_list("pk", "subject_id"))
    for attempt in _good(kind):
        report_id = subjects.get(attempt.delivery.event_id)
        if report_id is not None:
            answered = attempt.started_at + timedelta(milliseconds=attempt.duration_ms)
            yield (answered - approved[report_id]) / timedelta(milliseconds=1)


def _good(kind: str) -> Sequence[Attempt]:
    rows = Attempt.objects.filter(delivery__event_type=kind, status_code__gte=200, status_code__lt=300)
    return list(rows.select_related("delivery"))
