"""Filters of import jobs and imported items."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ordinavo.kernel.admin.filters import ChoiceFilter
from ordinavo.kernel.admin.scope import tenant_of
from targets.imports.models import ImportItem
from targets.imports.selectors.desk import A_DAY, last_job_before, refused_lately

_MAPPING_STATES = ("NeedsReview", "PartiallyMapped", "Created", "Mapped", "NotMapped")
_REASONS = (
    "missing_external_id",
    "validation_failed",
    "external_id_exists",
    "unknown_external_id",
    "source_system_not_allowed",
    "target_in_progress",
    "target_closed",
    "internal_error",
)


class _ColumnFilter(admin.SimpleListFilter):
    options: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the fixed options: looking for those that occur would read the whole table."""
        return [(option, option) for option in self.options]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
        """Compare the column."""
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class MappingFilter(_ColumnFilter):
    """By what became of the customer data."""

    title, parameter_name, options = "mapping", "mapping_status", _MAPPING_STATES


class ReasonFilter(_ColumnFilter):
    """By the code of the refusal."""

    title, parameter_name, options = "reason", "error_code", _REASONS


class JobAgeFilter(ChoiceFilter):
    """The newest jobs: numbers grow with time, so the list is left where the time begins."""

    title, parameter_name, unchosen = "time", "age", "Any time"
    options = (("day", "Last 24 hours"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Compare the number."""
        if self.value() != "day":
            return queryset
        return queryset.filter(pk__gt=last_job_before(tenant_of(request), A_DAY))


class RefusedFilter(ChoiceFilter):
    """What was refused in the last 24 hours."""

    title, parameter_name, unchosen = "refused", "refused", "Any time"
    options = (("day", "Last 24 hours"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep these, as the start page counts them."""
        if self.value() != "day":
            return queryset
        return queryset & refused_lately(tenant_of(request))
