"""Billing events as CSV, for a bookkeeping that takes files."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet

from ordinavo.kernel.instants import instant
from targets.visits.models import BillingEvent
from targets.visits.selectors.billing import with_work

_HEAD = (
    "billingEventId",
    "status",
    "createdAtUtc",
    "readyAtUtc",
    "sentAtUtc",
    "failedAtUtc",
    "visitReportId",
    "result",
    "day",
    "targetId",
    "externalId",
    "sourceSystem",
    "title",
    "customerId",
    "customerNumber",
    "customerName",
    "location",
    "workMinutes",
    "travelMinutes",
    "startedAtUtc",
    "endedAtUtc",
)
# Spreadsheets take cells that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE = 500


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def billing_lines(rows: QuerySet[BillingEvent]) -> Iterator[str]:
    """Yield the lines of the file: a head, then one per billing event; never more than some in memory.

    Who did the work is not among it, nor are internal notes.
    """
    writer = csv.writer(_Echo())
    yield writer.writerow(_HEAD)
    for event in with_work(rows).iterator(chunk_size=_AT_ONCE):
        yield writer.writerow(map(_defused, _cells(event)))


def _cells(event: BillingEvent) -> tuple[object, ...]:
    report = event.report
    visit = report.appointment
    target = visit.target
    customer, location = target.customer, target.location
    return (
        event.pk,
        event.status,
        instant(event.created_at),
        instant(event.ready_at),
        instant(event.sent_at),
        instant(event.failed_at),
        report.pk,
        report.result,
        visit.day.isoformat(),
        target.pk,
        target.external_id,
        target.source_system.key,
        target.title,
        None if customer is None else customer.pk,
        None if customer is None else customer.number,
        None if customer is None else customer.name,
        None if location is None else location.name,
        event.work_minutes,
        event.travel_minutes,
        instant(visit.started_at),
        instant(visit.ended_at),
    )


def _defused(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
