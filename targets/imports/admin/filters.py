"""Filters of imported items."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from targets.imports.models import ImportItem

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
