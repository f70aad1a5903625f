"""`GET /openapi.json` and `GET /docs`, both without a key."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from ordinavo.kernel.api import ApiView
from ordinavo.kernel.openapi.document import document
from ordinavo.kernel.renderer import ApiRenderer

_KEPT = {"Cache-Control": True}
_TAG = "Documentation"
# The page runs its own scripts and talks to its own host, nothing else; Swagger UI sets styles on elements.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class PublicView(ApiView):
    """Open to everybody; what it gives out does not depend on who asks."""

    authentication_classes = ()
    permission_classes = ()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Give what there is, whatever is asked for; errors are JSON here, too."""
        return ApiRenderer(), "application/json"


class OpenApiDocument(PublicView):
    """The description of this API for programs."""

    @extend_schema(
        operation_id="getOpenApiDocument",
        tags=[_TAG],
        summary="This document",
        description="The OpenAPI 3.1 description of this API. It needs no key.",
        responses={
            200: OpenApiResponse(
                {"type": "object", "description": "An OpenAPI 3.1 document.", "additionalProperties": True},
                description="The document.",
            ),
            304: OpenApiResponse(description="You have it: `If-None-Match` names the present version."),
        },
        extensions={"x-headers": {"200": {**_KEPT, "ETag": True}, "304": {**_KEPT, "ETag": True}}},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the document, or 304 to whoever has it."""
        made = document()
        whole = HttpResponse(made.body, content_type="application/json")
        answer = get_conditional_response(request._request, etag=made.etag, response=whole) or whole
        answer.headers["ETag"] = made.etag
        answer.headers["Cache-Control"] = "public, max-age=300"
        return answer


class DocsPage(PublicView):
    """The description of this API for people."""

    @extend_schema(
        operation_id="getDocs",
        tags=[_TAG],
        summary="This document as a page",
        description="A page for people, with all it needs from this host. It needs no key.",
        responses={(200, "text/html"): OpenApiResponse({"type": "string"}, description="The page.")},
        extensions={"x-headers": {"200": _KEPT}},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the page, which loads the document."""
        page = render(request._request, "docs/api.html")
        page.headers["Cache-Control"] = "public, max-age=300"
        page.headers["Content-Security-Policy"] = _POLICY
        return page
