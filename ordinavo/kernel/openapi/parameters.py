"""Query parameters that lists share, and those that follow from their filters."""

from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter

from ordinavo.kernel.pagination import DEFAULT_PAGE, LARGEST_PAGE

PAGING = [
    OpenApiParameter("cursor", str, description="From `next` or `previous` of a page; opaque."),
    OpenApiParameter(
        "pageSize",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": DEFAULT_PAGE},
        description="How many results a page has.",
    ),
]


def filters_of(kind: type[django_filters.FilterSet]) -> list[OpenApiParameter]:
    """Return the parameters of a filtered list, paging included; each filter has a `help_text`."""
    filters: dict[str, Any] = kind.base_filters
    own = [
        OpenApiParameter(name, one.described, description=one.extra["help_text"])
        for name, one in filters.items()
    ]
    return [*own, *PAGING]
