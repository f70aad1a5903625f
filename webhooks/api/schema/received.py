"""What receivers get: the `webhooks` section of the document, one entry for each event type."""

from typing import Any

from drf_spectacular.utils import OpenApiWebhook

from ordinavo.kernel.openapi.headers import PARAMETERS
from ordinavo.kernel.openapi.shapes import Schema, component
from webhooks.api.schema.answers import DELIVERY_ID, EVENT_ID
from webhooks.catalog.blocks import BLOCKS
from webhooks.catalog.schema import schema_of
from webhooks.catalog.types import EVENT_TYPES, EventType
from webhooks.payload.example import example_payload

_STAMP = "2026-06-18T16:40:00Z"
_SENT = {
    "X-Ordinavo-Event-Id": ("The event; the same on every attempt and redelivery.", EVENT_ID),
    "X-Ordinavo-Event-Type": ("The type of the event.", "target.imported"),
    "X-Ordinavo-Delivery-Id": ("The delivery; the same on every attempt.", DELIVERY_ID),
    "X-Ordinavo-Timestamp": ("When this attempt was made.", _STAMP),
    "X-Ordinavo-Webhook-Version": ("Version of these headers.", "v1"),
    "X-Ordinavo-Signature": (
        "`sha256=` and the HMAC-SHA256 of the raw body in lower-case hex, keyed with the secret's whole "
        "text. During a rotation's overlap the old secret.",
        "sha256=5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
    ),
    "webhook-id": ("The event id, as Standard Webhooks name it.", EVENT_ID),
    "webhook-timestamp": ("The same instant as X-Ordinavo-Timestamp in unix seconds.", "1781800800"),
    "webhook-signature": (
        "`v1,` and the base64 HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`, keyed with the bytes "
        "after `whsec_`; several, separated by spaces, during an overlap. Check this one: it covers the "
        "time.",
        "v1,XUFAKrxLKna5cZ2REBfFkl1BQCq8SypzuXGdkRAXxZI=",
    ),
}
_NEW_SIGNATURE = (
    "X-Ordinavo-Signature-New",
    "Only during a rotation's overlap: as X-Ordinavo-Signature, keyed with the new secret.",
    "sha256=7d793037a0760186574b0282f2f435e77d793037a0760186574b0282f2f435e7",
)
_ANSWERS = {
    "2XX": {"description": "Taken. Answer within 15 seconds; what the body says is kept, up to 16 KiB."},
    "410": {"description": "Gone: the subscription is switched off."},
    "default": {"description": "Anything else, a redirect too: tried again, ten times within about 3 days."},
}


def _header(name: str, description: str, example: str, *, required: bool = True) -> Schema:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "required": required,
        "schema": {"type": "string", "examples": [example]},
    }


PARAMETERS.update({name: _header(name, said, example) for name, (said, example) in _SENT.items()})
PARAMETERS[_NEW_SIGNATURE[0]] = _header(*_NEW_SIGNATURE, required=False)
_HEADERS = [{"$ref": f"#/components/parameters/{name}"} for name in [*_SENT, _NEW_SIGNATURE[0]]]

_BLOCKS = {
    name: component(f"Event{name[0].upper()}{name[1:]}", block.schema) for name, block in BLOCKS.items()
}


def _camel(event_type: str) -> str:
    return "".join(word.capitalize() for word in event_type.replace(".", "_").split("_"))


def _payload(one: EventType) -> Schema:
    schema = schema_of(one.name)
    del schema["$schema"]
    schema["properties"] |= {name: _BLOCKS[name] for name in one.blocks}
    return component(f"{_camel(one.name)}Event", schema)


def _webhook(one: EventType) -> OpenApiWebhook:
    need = "\n\nNeeds the feature `billing_webhooks`." if one.is_billing else ""
    example = {"summary": one.name, "value": example_payload(one.name)}
    content = {"schema": _payload(one), "examples": {"example": example}}
    operation: dict[str, Any] = {
        "operationId": f"on{_camel(one.name)}",
        "summary": one.name,
        "description": one.description + need,
        "security": [],
        "parameters": _HEADERS,
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": _ANSWERS,
    }
    return OpenApiWebhook(one.name, {"post": operation})


WEBHOOKS = [_webhook(one) for one in EVENT_TYPES.values()]
