"""Paths of the documentation."""

from ordinavo.kernel.api import endpoint
from ordinavo.kernel.openapi.views import DocsPage, OpenApiDocument

urlpatterns = [
    endpoint("openapi.json", OpenApiDocument, "openapi"),
    endpoint("docs", DocsPage, "docs"),
]
