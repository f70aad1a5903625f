"""What lists of jobs and items can be asked for."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.matching.mapping import STATUSES
from ordinavo.kernel.filters import FlagFilter, InstantFilter, TextFilter, WordFilter
from targets.imports.models import ImportItem, ImportJob


class JobFilters(django_filters.FilterSet):
    """Query parameters of `GET /import-jobs`."""

    status = WordFilter(choices=ImportJob.Status.choices, help_text="Those with this status.")
    batchId = TextFilter("batch_id", help_text="Your own name of the batch.")
    correlationId = TextFilter("correlation_id", help_text="Of the request that made the job.")
    externalId = TextFilter(method="with_item", help_text="Those with an item of this external id.")
    createdFrom = InstantFilter("created_at", lookup_expr="gte", help_text="Accepted at or after this time.")
    createdTo = InstantFilter("created_at", lookup_expr="lt", help_text="Accepted before this time.")
    hasWarnings = FlagFilter(method="with_warnings", help_text="Those with warnings, or those without.")

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

    status = WordFilter(choices=ImportItem.Status.choices, help_text="Those with this status.")
    result = WordFilter(choices=ImportItem.Result.choices, help_text="Those with this result.")
    mappingStatus = WordFilter(
        "mapping_status",
        choices=[(status, status) for status in STATUSES],
        help_text="Those whose customer data was mapped like this.",
    )
    externalId = TextFilter("external_id", help_text="Your own id; there may be several in one batch.")


class TemplateFilters(django_filters.FilterSet):
    """`GET /target-templates` knows none but those of its pages."""
