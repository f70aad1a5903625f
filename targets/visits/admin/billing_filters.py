"""Filters of billing events."""

from typing import Any

from django.db.models import QuerySet

from ordinavo.kernel.admin.filters import ChoiceFilter
from targets.visits.models import BillingEvent

Status = BillingEvent.Status
_MISSING = {"customer": "report__appointment__target__customer", "minutes": "work_minutes"}


class StatusFilter(ChoiceFilter):
    """Billing events by status."""

    title, parameter_name = "status", "status"
    options = tuple(Status.choices)


class WaitingFilter(ChoiceFilter):
    """Pending ones by what they wait for."""

    title, parameter_name = "waits for", "waits"
    options = (("customer", "Customer not mapped"), ("minutes", "Minutes not known"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Look at what is missing."""
        return rows.filter(status=Status.PENDING, **{_MISSING[value]: None}) if value else rows
