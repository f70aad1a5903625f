"""The shapes of the answers, as `webhooks.api.outputs` gives them out."""

from integrations.models import Feature
from ordinavo.kernel.openapi.shapes import (
    Schema,
    component,
    flag,
    instant,
    listing,
    nullable,
    page,
    text,
    thing,
    whole,
    words,
)
from webhooks.catalog.types import EVENT_TYPES
from webhooks.models import Delivery, Subscription

URL = "https://erp.example.com/hooks/ordinavo"
SECRET = "whsec_VGhpcyBpcyBhbiBleGFtcGxlLCBub3QgYSBzZWNyZXQ="  # noqa: S105
EVENT_ID, DELIVERY_ID = "evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C", "del_01JZ8A2N5RM1A6D2ZJX0TQ4E7K"
NAMES = list(EVENT_TYPES)
EVENT_TYPE = text("A name, or all of a noun: `visit_report.*`.", example="target.*", maxLength=64)

OPTIONS = {
    "customerContext": flag("Whether customer, location and contact are told."),
    "contactDetails": flag("Whether the contact's e-mail, phone and role are told."),
    "summaryPreview": flag("Whether the first 280 characters of a report's summary are told."),
    "billingDetails": flag("Whether `billingEvent.details` (minutes, times) is told. Needs the feature."),
}
_SUBSCRIPTION: dict[str, Schema] = {
    "id": whole("Its id.", example=7),
    "url": text("Where it is told.", example=URL, maxLength=2000),
    "description": text("Your own words; may be empty.", example="ERP, production", maxLength=200),
    "eventTypes": listing("What it is told of.", EVENT_TYPE),
    "active": flag("Whether anything is sent."),
    "disabledReason": nullable(
        words(
            "Why not: `paused` by you, `gone` (the receiver answered 410), `failing` (nothing but failure "
            "for five days); null while it is active.",
            [reason for reason in Subscription.DisabledReason.values if reason != "deleted"],
        )
    ),
    "disabledAt": nullable(instant("Since when not.")),
    "payloadOptions": thing("How much it is told.", OPTIONS),
    "previousSecretExpiresAt": nullable(
        instant("Until when the secret before the last rotation signs, too; null if none does.")
    ),
    "failureStreak": whole("Failed attempts since the last success.", example=0, minimum=0),
    "failingSince": nullable(instant("The first failure since the last success.")),
    "lastSuccessAt": nullable(instant("When the receiver last answered 2xx.")),
    "createdAt": instant("When it was created."),
    "updatedAt": instant("When it was changed last."),
}
SUBSCRIPTION = component(
    "WebhookSubscription", thing("Where you want to be told, of what, and how much.", _SUBSCRIPTION)
)
WITH_SECRET = component(
    "WebhookSubscriptionWithSecret",
    thing(
        "A subscription with its new secret.",
        {
            **_SUBSCRIPTION,
            "secret": text(
                "`whsec_` and base64 of 32 bytes: verify signatures with it. It is never told again.",
                example=SECRET,
            ),
        },
    ),
)
SUBSCRIPTION_PAGE = page("WebhookSubscriptionPage", SUBSCRIPTION)

_DELIVERY: dict[str, Schema] = {
    "id": text("Its id, opaque.", example=DELIVERY_ID),
    "eventId": text("The event, opaque; the same in all its deliveries.", example=EVENT_ID),
    "eventType": words("What happened.", NAMES, example="target.imported"),
    "subscriptionId": whole("To whom it is told.", example=7),
    "status": words(
        "`Pending`, `Retrying` (after a failure), then `Delivered`, `Failed` (given up) or `Cancelled` (the "
        "subscription was off).",
        Delivery.Status.values,
        example="Delivered",
    ),
    "attemptCount": whole("Attempts so far.", example=1, minimum=0),
    "nextAttemptAt": nullable(instant("When it is tried next; null when it has ended.")),
    "redeliveryOf": nullable(text("The delivery that this one sends again.", example=DELIVERY_ID)),
    "isExample": flag("Whether it only tries the receiver: nothing happened."),
    "correlationId": text("Of the request that led to the event.", example="order-4711"),
    "createdAt": instant("When it was created."),
    "finishedAt": nullable(instant("When it ended.")),
}
DELIVERY = component("WebhookDelivery", thing("One event for one subscription.", _DELIVERY))
DELIVERY_PAGE = page("WebhookDeliveryPage", DELIVERY)
ATTEMPT = component(
    "WebhookAttempt",
    thing(
        "One request, and what came back.",
        {
            "startedAt": instant("When it was sent."),
            "durationMs": whole("Milliseconds until the answer, or until it was given up.", example=87),
            "statusCode": nullable(whole("HTTP status of the answer; null without one.", example=200)),
            "error": nullable(
                text(
                    "What went wrong, as a word: `timeout`, `connection_refused`, `name_not_found`, "
                    "`tls_error`, `redirect`, `address_not_allowed`, …; null if nothing did. New ones may "
                    "come.",
                    example="timeout",
                )
            ),
            "answer": text("The first 16 KiB of the answer's body; empty without one.", example="ok"),
        },
    ),
)
DELIVERY_DETAIL = component(
    "WebhookDeliveryDetail",
    thing(
        "One event for one subscription, with all attempts.",
        {**_DELIVERY, "attempts": listing("The attempts, the first one first.", ATTEMPT)},
    ),
)
REPLAY = component(
    "WebhookReplay",
    thing(
        "What is sent again.",
        {
            "subscriptionId": whole("To whom.", example=7),
            "count": whole("How many events.", example=42, minimum=0),
            "validateOnly": flag("Whether they were only counted."),
            "since": instant("They occurred at or after this time."),
            "until": instant("They occurred before this time."),
            "statuses": listing(
                "Statuses of the last delivery.",
                words("A status.", Delivery.Status.values, example="Failed"),
            ),
        },
    ),
)
_EVENT_TYPE = component(
    "WebhookEventType",
    thing(
        "Something that you can be told of.",
        {
            "name": words("For `eventTypes`.", NAMES, example="target.imported"),
            "description": text("When it comes.", example="An import created a target."),
            "requiredFeature": nullable(
                words("What your client must have, beside the scope.", Feature.values)
            ),
            "schema": {
                "type": "object",
                "description": "The payload as a JSON Schema (2020-12).",
                "additionalProperties": True,
            },
            "example": {
                "type": "object",
                "description": "A payload, with `contactDetails`, `summaryPreview` and `billingDetails` off.",
                "additionalProperties": True,
            },
        },
    ),
)
EVENT_TYPE_PAGE = page("WebhookEventTypePage", _EVENT_TYPE)
