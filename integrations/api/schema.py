"""The description of the key, and of the caller's own affairs."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from integrations.models import Environment
from integrations.scopes import Scope
from ordinavo.kernel.openapi.shapes import component, instant, listing, text, thing, words

_SENT = (
    "The API key of your integration client: `Authorization: Bearer fio_live_…`. Where a tool asks for the "
    "value, give it the key alone. Scopes:"
)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells drf-spectacular how callers authenticate."""

    target_class = "integrations.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "fio_live_… or fio_test_…",
            "description": "\n".join([_SENT, "", *(f"- `{scope.value}`: {scope.label}" for scope in Scope)]),
        }


HEALTH = component(
    "IntegrationHealth",
    thing(
        "How a client is known here.",
        {
            "status": words("Always this.", ["ok"]),
            "apiVersion": words("Version of this API.", ["v1"]),
            "environment": words("Nothing of a test client is planned or billed.", Environment.values),
            "integrationClient": text("The client's name.", example="Logistics ERP"),
            "sourceSystem": text("The key that its external ids belong to.", example="logistics_erp"),
            "scopes": listing("What it may do.", text("A scope.", example=Scope.TARGETS_WRITE.value)),
            "serverTimeUtc": instant("Our clock."),
        },
    ),
)

get_integration_health = extend_schema(
    operation_id="getIntegrationHealth",
    tags=["Health"],
    summary="Check the key",
    description="Does the key work, and as whom? Costs nothing and changes nothing.",
    responses={200: OpenApiResponse(HEALTH, description="The key works.")},
    examples=[
        OpenApiExample(
            "health",
            summary="A live client",
            response_only=True,
            value={
                "status": "ok",
                "apiVersion": "v1",
                "environment": "live",
                "integrationClient": "Logistics ERP",
                "sourceSystem": "logistics_erp",
                "scopes": [Scope.HEALTH_READ.value, Scope.TARGETS_WRITE.value],
                "serverTimeUtc": "2026-06-18T16:40:00Z",
            },
        )
    ],
)
