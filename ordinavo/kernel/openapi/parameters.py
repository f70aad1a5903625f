"""Query parameters that lists share."""

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
