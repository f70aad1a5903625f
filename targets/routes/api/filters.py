"""What lists of route suggestions can be asked for."""

from typing import Any

import django_filters
from django import forms

from ordinavo.kernel.filters import IdFilter, InstantFilter, TextFilter, WordFilter
from targets.routes.models import RouteSuggestion


class DayFilter(django_filters.Filter):
    """A calendar day, `YYYY-MM-DD`."""

    field_class = forms.DateField
    described: dict[str, Any] = {"type": "string", "format": "date"}

    def __init__(self, *args: Any, **options: Any) -> None:
        messages = {"invalid": "Must be a date in the form YYYY-MM-DD."}
        super().__init__(*args, input_formats=["%Y-%m-%d"], error_messages=messages, **options)


class SuggestionFilters(django_filters.FilterSet):
    """Query parameters of `GET /route-suggestions`."""

    status = WordFilter(choices=RouteSuggestion.Status.choices, help_text="Those with this status.")
    routeDate = DayFilter("route_date", help_text="Those for this day.")
    importJobId = IdFilter("import_job_id", help_text="Those for the targets of this import job.")
    correlationId = TextFilter("correlation_id", help_text="Those that a request with this id asked for.")
    createdFrom = InstantFilter("created_at", lookup_expr="gte", help_text="Asked for at or after this time.")
    createdTo = InstantFilter("created_at", lookup_expr="lt", help_text="Asked for before this time.")
