"""Filters and orders of the list of reviews; the queue of the desk goes by the same."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from customers.models import RecordKind
from ordinavo.kernel.admin.filters import ChoiceFilter
from targets.imports.models import MappingReview
from targets.imports.selectors.queue import REASONS, narrowed

PRESERVED = "_changelist_filters"
# How the list calls what the queue goes by.
_NAMES = {
    "kind": "kind",
    "reason": "reason",
    "age": "age",
    "score": "score",
    "order": "order",
    "client__id__exact": "client",
    "source_system__id__exact": "source_system",
}

Status = MappingReview.Status


class StatusFilter(ChoiceFilter):
    """Open ones unless others are wanted."""

    title, parameter_name, unchosen = "status", "status__exact", "Open"
    options = (
        (Status.LINKED.value, "Linked"),
        (Status.CREATED.value, "Created"),
        (Status.DISMISSED.value, "Dismissed"),
        ("all", "All"),
    )

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Compare the status."""
        return rows if value == "all" else rows.filter(status=value or Status.OPEN)


class _QueueFilter(ChoiceFilter):
    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow as the queue does."""
        return narrowed(rows, {str(self.parameter_name): value})


class KindFilter(_QueueFilter):
    """Customers, locations or contacts."""

    title, parameter_name = "kind", "kind"
    options = tuple((str(value), str(label)) for value, label in RecordKind.choices)


class ReasonFilter(_QueueFilter):
    """Why it is in doubt."""

    title, parameter_name = "doubt", "reason"
    options = tuple(REASONS.items())


class AgeFilter(_QueueFilter):
    """How long it waits at least."""

    title, parameter_name, unchosen = "age", "age", "Any age"
    options = (("hour", "Over an hour"), ("day", "Over a day"), ("week", "Over a week"))


class ScoreFilter(_QueueFilter):
    """How likely the best candidate is."""

    title, parameter_name, unchosen = "score", "score", "Any score"
    options = (
        ("high", "65 % and more"),
        ("even", "50 to 65 %"),
        ("low", "Below 50 %"),
        ("none", "Without a score"),
    )


class OrderFilter(ChoiceFilter):
    """Which review comes first; the admin page asks for it itself."""

    title, parameter_name, unchosen = "order", "order", "Oldest first"
    options: ClassVar[tuple[tuple[str, str], ...]] = (
        ("score", "Highest score first"),
        ("waiting", "Most waiting first"),
        ("newest", "Newest first"),
    )

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Leave all rows."""
        return rows


FILTERS = (
    StatusFilter,
    KindFilter,
    ReasonFilter,
    ScoreFilter,
    AgeFilter,
    "client",
    "source_system",
    OrderFilter,
)


def wanted_in(query: Mapping[str, Any]) -> dict[str, str]:
    """Return what the queue shall be narrowed to and ordered by, from the query of the list."""
    return {name: str(query[said]) for said, name in _NAMES.items() if query.get(said)}


def wanted_by(request: HttpRequest) -> dict[str, str]:
    """Return the same from a page that the list led to; Django keeps the list's query in one parameter."""
    return wanted_in(QueryDict(request.GET.get(PRESERVED, "")))


def preserved(request: HttpRequest) -> str:
    """Return the query string that keeps the list's filters, "" without any."""
    kept = QueryDict(mutable=True)
    if request.GET.get(PRESERVED):
        kept[PRESERVED] = request.GET[PRESERVED]
    return f"?{kept.urlencode()}" if kept else ""
