"""Billing events as CSV, for a bookkeeping that takes files."""

import csv
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from ordinavo.kernel.instants import instant
from targets.visits.models import BillingEvent

_VISIT = "report__appointment"
_TARGET = f"{_VISIT}__target"
_COLUMNS = {
    "billingEventId": "pk",
    "status": "status",
    "createdAtUtc": "created_at",
    "readyAtUtc": "ready_at",
    "sentAtUtc": "sent_at",
    "failedAtUtc": "failed_at",
    "visitReportId": "report_id",
    "result": "report__result",
    "day": f"{_VISIT}__day",
    "targetId": f"{_VISIT}__target_id",
    "externalId": f"{_TARGET}__external_id",
    "sourceSystem": f"{_TARGET}__source_system__key",
    "title": f"{_TARGET}__title",
    "customerId": f"{_TARGET}__customer_id",
    "customerNumber": f"{_TARGET}__customer__number",
    "customerName": f"{_TARGET}__customer__name",
    "location": f"{_TARGET}__location__name",
    "workMinutes": "work_minutes",
    "travelMinutes": "travel_minutes",
    "startedAtUtc": f"{_VISIT}__started_at",
    "endedAtUtc": f"{_VISIT}__ended_at",
}
# Spreadsheets take cells that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE = 2000


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def billing_lines(rows: QuerySet[BillingEvent]) -> Iterator[str]:
    """Yield the lines of the file: a head, then one per billing event; never more than some in memory.

    Who did the work is not among it, nor are internal notes.
    """
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    # Plain values: making models of them took most of the time.
    for cells in rows.values_list(*_COLUMNS.values()).iterator(chunk_size=_AT_ONCE):
        yield writer.writerow(map(_told, cells))


def _told(cell: object) -> str:
    if isinstance(cell, datetime):
        return instant(cell) or ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else str(cell)
