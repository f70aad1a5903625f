"""`GET /webhooks/event-types`: what can be subscribed to."""

from functools import cache
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from integrations.models import Feature
from integrations.scopes import Scope
from ordinavo.kernel.api import INVALID_QUERY, ApiView
from ordinavo.kernel.errors import Detail, ValidationFailed
from webhooks.api.schema import operations
from webhooks.catalog.schema import schema_of
from webhooks.catalog.types import EVENT_TYPES, EventType
from webhooks.payload.example import example_payload


class EventTypes(ApiView):
    """All event types."""

    required_scopes = {"GET": Scope.WEBHOOKS_READ}

    @operations.list_event_types
    def get(self, request: Request) -> Response:
        """Return all of them as one page."""
        unknown = sorted(request.query_params)
        if unknown:
            message = "This list takes no parameters."
            details = [Detail(f"query.{name}", "unknown_parameter", message) for name in unknown]
            raise ValidationFailed(INVALID_QUERY, details=details)
        return Response({"results": event_types_out(), "next": None, "previous": None})


@cache
def event_types_out() -> list[dict[str, Any]]:
    """Return every event type with its schema and an example, in the order of the catalogue."""
    return [_event_type_out(one) for one in EVENT_TYPES.values()]


def _event_type_out(one: EventType) -> dict[str, Any]:
    return {
        "name": one.name,
        "description": one.description,
        "requiredFeature": Feature.BILLING_WEBHOOKS.value if one.is_billing else None,
        "schema": schema_of(one.name),
        "example": example_payload(one.name),
    }
