"""Filters of reports and bills; none of them reads a table through to offer its choices."""

from typing import Any

from django.contrib.admin.filters import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from ordinavo.kernel.admin.chosen import id_in
from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.kernel.admin.scope import tenant_of
from targets.visits.models import VisitReport
from targets.visits.selectors.reports import customers_of_waiting

Status = VisitReport.Status
ALL = "all"


class StatusFilter(ChoiceFilter):
    """Reports by status; those that wait for a manager unless another one is chosen."""

    title, parameter_name, unchosen = "status", "status", "To approve"
    options = (
        (Status.APPROVED.value, "Approved"),
        (Status.REJECTED.value, "Given back"),
        (Status.DRAFT.value, "Drafts"),
        (ALL, "All"),
    )

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the status."""
        return rows if value == ALL else rows.filter(status=value or Status.SUBMITTED)


class ResultFilter(ChoiceFilter):
    """Reports by what the visit came to."""

    title, parameter_name = "result", "result"
    options = tuple(VisitReport.Result.choices)


class ProblemFilter(ChoiceFilter):
    """Reports by what kept the work from being done."""

    title, parameter_name = "problem", "problem"
    options = (("any", "Any problem"), *VisitReport.Problem.choices, ("none", "None"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the kind; a problem that is only told in words counts as one."""
        if value == "any":
            return rows.exclude(problem="", problems="")
        if value == "none":
            return rows.filter(problem="", problems="")
        return super().narrow(rows, value)


class FollowUpFilter(ChoiceFilter):
    """Reports that ask for another visit."""

    title, parameter_name = "follow-up", "follow_up"
    options = (("yes", "Asked for"), ("no", "Not asked for"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the wish."""
        return rows.filter(follow_up_required=value == "yes") if value else rows


class BillableFilter(ChoiceFilter):
    """Reports by whether they are billed."""

    title, parameter_name = "billable", "billable"
    options = (("yes", "Billable"), ("no", "Not billable"))

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the mark."""
        return rows.filter(is_billable=value == "yes") if value else rows


class CustomerFilter(SimpleListFilter):
    """Reports by customer; offers those of whom reports wait, and the one that a link named."""

    title, parameter_name = "customer", "customer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return ids and names."""
        chosen = self.used_parameters.get(self.parameter_name)
        return customers_of_waiting(tenant_of(request), named=id_in(_last(chosen)))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Compare the customer of the target."""
        wanted = id_in(self.value())
        return queryset.filter(appointment__target__customer=wanted) if wanted else queryset


def _last(value: Any) -> str:
    return str(value[-1] if isinstance(value, list) and value else value or "")
