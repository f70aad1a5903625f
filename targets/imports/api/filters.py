"""What lists of jobs and items can be asked for."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.matching.mapping import STATUSES
from ordinavo.kernel.filters import FlagFilter, InstantFilter, WordFilter
from targets.imports.models import ImportItem, ImportJob


class JobFilters(django_filters.FilterSet):
    """Query parameters of `GET /import-jobs`."""

    status = WordFilter(choices=ImportJob.Status.choices)
    batchId = django_filters.CharFilter("batch_id")
    correlationId = django_filters.CharFilter("correlation_id")
    externalId = django_filters.CharFilter(method="with_item")
    createdFrom = InstantFilter("created_at", lookup_expr="gte")
    createdTo = InstantFilter("created_at", lookup_expr="lt")
    hasWarnings = FlagFilter(method="with_warnings")

    def with_item(self, rows: QuerySet[ImportJob], name: str, value: str) -> QuerySet[ImportJob]:
        """Keep jobs that hold an item with this external id."""
        items = ImportItem.objects.filter(tenant=OuterRef("tenant"), job=OuterRef("pk"), external_id=value)
        return rows.filter(Exists(items))

    def with_warnings(self, rows: QuerySet[ImportJob], name: str, value: bool) -> QuerySet[ImportJob]:
        """Keep jobs with items that carry warnings, or those without."""
        some = Q(warning_items__gt=0)
        return rows.filter(some if value else ~some)


class ItemFilters(django_filters.FilterSet):
    """Query parameters of `GET /import-jobs/{id}/items`."""

    status = WordFilter(choices=ImportItem.Status.choices)
    result = WordFilter(choices=ImportItem.Result.choices)
    mappingStatus = WordFilter("mapping_status", choices=[(status, status) for status in STATUSES])
    externalId = django_filters.CharFilter("external_id")
