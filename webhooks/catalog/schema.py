"""JSON schemas of whole payloads."""

from typing import Any

from webhooks.catalog.blocks import BLOCKS
from webhooks.catalog.members import Schema, flag, moment, text
from webhooks.catalog.types import EVENT_TYPES, EventType

PAYLOAD_VERSION = "2026-06-18"
SOURCE = "ordinavo"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event_type: str) -> dict[str, Any]:
    """Return the JSON schema (2020-12) of an event type's payload; receivers ignore members beyond it."""
    known = EVENT_TYPES[event_type]
    envelope = _envelope(known)
    return {
        "$schema": _DIALECT,
        "title": event_type,
        "description": known.description,
        "type": "object",
        "properties": {
            **envelope,
            "isExample": flag("True on a test delivery: nothing of it happened. Absent otherwise."),
            **{name: BLOCKS[name].schema for name in known.blocks},
        },
        "required": [*envelope, *known.required_blocks],
    }


def _envelope(known: EventType) -> dict[str, Schema]:
    return {
        "eventId": {**text("Opaque; the same on every attempt and redelivery."), "pattern": "^evt_"},
        "eventType": {**text("The type of this event."), "const": known.name},
        "occurredAt": moment("When it happened."),
        "tenantId": text("The tenant's slug."),
        "source": {**text("Always the same."), "const": SOURCE},
        "payloadVersion": {**text("Version of this shape."), "const": PAYLOAD_VERSION},
        "correlationId": text("The id of the request that led to it."),
    }
