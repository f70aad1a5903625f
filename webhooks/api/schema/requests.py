"""The shapes of the requests, as `webhooks.api.forms` takes them."""

from typing import Any

from ordinavo.kernel.openapi.shapes import (
    Schema,
    component,
    flag,
    instant,
    nullable,
    text,
    whole,
    words,
)
from webhooks.api.forms import DEFAULT_OVERLAP, MOST_EVENT_TYPES
from webhooks.api.forms import OPTIONS as COLUMNS_OF_OPTIONS
from webhooks.api.schema.answers import EVENT_TYPE, NAMES, OPTIONS, URL
from webhooks.catalog.types import TEST
from webhooks.models import Delivery
from webhooks.services.secrets import LONGEST_OVERLAP
from webhooks.services.subscriptions import DEFAULT_OPTIONS


def _asked(description: str, members: dict[str, Schema], *, required: tuple[str, ...] = ()) -> Schema:
    """An object of which unknown members are ignored."""
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "additionalProperties": True,
        **({"required": list(required)} if required else {}),
    }


def _option(name: str, default: bool) -> Schema:
    return {**nullable(OPTIONS[name]), "default": default}


_MEMBERS: dict[str, Any] = {
    "url": text(
        "https, port 443 or 8443, no user name, no fragment; a host on the public internet.",
        example=URL,
        maxLength=2000,
        format="uri",
    ),
    "description": nullable(text("Your own words.", example="ERP, production", maxLength=200)),
    "eventTypes": {
        "type": "array",
        "description": "What to tell of: names of `GET /webhooks/event-types`, or all of a noun.",
        "items": EVENT_TYPE,
        "minItems": 1,
        "maxItems": MOST_EVENT_TYPES,
    },
    "active": flag("`false`: send nothing. Open deliveries are cancelled, new ones are born `Cancelled`."),
    "payloadOptions": nullable(
        _asked(
            "How much to tell; what is absent stays, null brings the default back.",
            {name: _option(name, DEFAULT_OPTIONS[column]) for name, column in COLUMNS_OF_OPTIONS.items()},
        )
    ),
}
NEW = component(
    "WebhookSubscriptionNew", _asked("A new subscription.", _MEMBERS, required=("url", "eventTypes"))
)
CHANGE = component("WebhookSubscriptionChange", _asked("What to change; what is absent stays.", _MEMBERS))
ROTATION = component(
    "WebhookSecretRotation",
    _asked(
        "How to rotate; the body may be left out.",
        {
            "overlapSeconds": nullable(
                whole(
                    "How long the old secret signs, too; 0 drops it at once.",
                    example=DEFAULT_OVERLAP,
                    minimum=0,
                    maximum=int(LONGEST_OVERLAP.total_seconds()),
                    default=DEFAULT_OVERLAP,
                )
            )
        },
    ),
)
TEST_REQUEST = component(
    "WebhookTest",
    _asked(
        "What to try; the body may be left out.",
        {
            "eventType": nullable(
                {**words("An example of which type.", NAMES, example="target.imported"), "default": TEST}
            )
        },
    ),
)
REPLAY_REQUEST = component(
    "WebhookReplayRequest",
    _asked(
        "What to send again.",
        {
            "since": instant("Events that occurred at or after this time."),
            "until": nullable(instant("Events that occurred before this time; absent or null: now.")),
            "statuses": {
                "type": ["array", "null"],
                "description": "Those whose last delivery has one of these; absent: `Failed`, `Cancelled`.",
                "items": words("A status.", Delivery.Status.values, example="Failed"),
                "minItems": 1,
                "maxItems": 20,
            },
        },
        required=("since",),
    ),
)
