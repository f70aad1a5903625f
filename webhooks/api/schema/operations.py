"""The operations on webhooks, as decorators for their views."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from ordinavo.kernel.openapi.parameters import filters_of
from ordinavo.kernel.openapi.refusals import CONFLICT, refusal
from webhooks.api.filters import DeliveryFilters, SubscriptionFilters
from webhooks.api.schema import answers, requests
from webhooks.services.event_types import FeatureDisabled
from webhooks.services.replay import MOST_REPLAYED
from webhooks.services.subscriptions import MOST_SUBSCRIPTIONS

EXAMPLES = Path(__file__).parent.parent / "examples"
_WEBHOOKS, _DELIVERIES = "Webhooks", "Webhook deliveries"
_LOCATED = {"x-headers": {"202": {"Location": True}}}
_NEEDED = "This needs the feature billing_webhooks, which your client does not have."

FEATURE_DISABLED = refusal(
    FeatureDisabled.status,
    FeatureDisabled.code,
    _NEEDED,
    "`details` name what needs a feature that your client does not have. Ask for it.",
    details=({"path": "eventTypes.0", "code": FeatureDisabled.code, "message": _NEEDED},),
)


def _example(name: str, summary: str, **kind: Any) -> OpenApiExample:
    value = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return OpenApiExample(name, summary=summary, value=value, **kind)


def _asked(name: str, summary: str) -> OpenApiExample:
    return _example(name, summary, request_only=True)


def _told(name: str, summary: str, status: int = 200) -> OpenApiExample:
    return _example(name, summary, response_only=True, status_codes=[str(status)])


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": schema}


list_event_types = extend_schema(
    operation_id="listWebhookEventTypes",
    tags=[_WEBHOOKS],
    summary="List the event types",
    description="All that you can be told of, with schema and example, as one page.",
    responses={200: OpenApiResponse(answers.EVENT_TYPE_PAGE, description="All event types.")},
    examples=[_told("event-types", "One of them")],
)

list_subscriptions = extend_schema(
    operation_id="listWebhookSubscriptions",
    tags=[_WEBHOOKS],
    summary="List your subscriptions",
    description="The subscriptions of your client, newest first, paused ones included.",
    parameters=filters_of(SubscriptionFilters),
    responses={200: OpenApiResponse(answers.SUBSCRIPTION_PAGE, description="A page of subscriptions.")},
    examples=[_told("subscriptions", "One subscription")],
)

create_subscription = extend_schema(
    operation_id="createWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Subscribe",
    description=(
        "Events of your source system's targets, and of your own import jobs, are sent to the URL from now "
        "on. The answer holds the secret; it is never told again.\n\n"
        "`billing.*` types and `billingDetails` need the feature `billing_webhooks`. A client may have "
        f"{MOST_SUBSCRIPTIONS} subscriptions."
    ),
    request=_body(requests.NEW),
    responses={201: OpenApiResponse(answers.WITH_SECRET, description="The subscription with its secret.")},
    examples=[
        _asked("subscription-new", "Everything about targets and jobs"),
        _told("subscription-created", "A new subscription", 201),
    ],
    extensions={
        "x-refusals": [FEATURE_DISABLED, CONFLICT],
        "x-headers": {"201": {"Location": True}},
    },
)

get_subscription = extend_schema(
    operation_id="getWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Read one subscription",
    description="How it is set, and how its receiver does.",
    responses={200: OpenApiResponse(answers.SUBSCRIPTION, description="The subscription.")},
    examples=[_told("subscription", "A subscription that works")],
)

change_subscription = extend_schema(
    operation_id="changeWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Change a subscription",
    description=(
        "What is absent stays, `payloadOptions` merge by member. `active: false` pauses: open deliveries are "
        "cancelled. `active: true` switches it on again, whatever had switched it off, and forgets past "
        "failures, as a new `url` does. It sends nothing by itself: replay what was missed."
    ),
    request=_body(requests.CHANGE),
    responses={200: OpenApiResponse(answers.SUBSCRIPTION, description="The subscription as it is now.")},
    examples=[
        _asked("subscription-pause", "Pause"),
        _asked("subscription-options", "Tell of the contact, too"),
        _told("subscription", "A subscription that works"),
    ],
    extensions={"x-refusals": [FEATURE_DISABLED]},
)

delete_subscription = extend_schema(
    operation_id="deleteWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Delete a subscription",
    description="It is off for good and hidden. Open deliveries are cancelled; all of them stay readable.",
    responses={204: OpenApiResponse(description="Deleted.")},
)

rotate_secret = extend_schema(
    operation_id="rotateWebhookSecret",
    tags=[_WEBHOOKS],
    summary="Rotate the secret",
    description=(
        "Makes a new secret. During the overlap deliveries are signed with both: `webhook-signature` has "
        "two entries, the new one first, `X-Ordinavo-Signature` keeps the old secret and "
        "`X-Ordinavo-Signature-New` has the new one. A second rotation drops the oldest secret."
    ),
    request=_body(requests.ROTATION),
    responses={
        200: OpenApiResponse(answers.WITH_SECRET, description="The subscription with its new secret.")
    },
    examples=[
        _asked("rotation", "With an hour to change the receiver"),
        _told("subscription-rotated", "Both secrets sign"),
    ],
)

end_overlap = extend_schema(
    operation_id="endWebhookSecretOverlap",
    tags=[_WEBHOOKS],
    summary="Drop the previous secret",
    description="Ends the overlap of a rotation. Without one nothing changes, and the answer is the same.",
    responses={204: OpenApiResponse(description="Only the present secret signs.")},
)

test_subscription = extend_schema(
    operation_id="testWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Try a subscription",
    description=(
        "Sends `webhook.test`, or an example of another type, to this subscription alone, whatever its "
        "`eventTypes` are and even while it is paused. The payload says `isExample: true`: nothing of it "
        "happened. Failures don't count for the subscription."
    ),
    request=_body(requests.TEST_REQUEST),
    responses={
        202: OpenApiResponse(answers.DELIVERY, description="The delivery; read it to see the answer.")
    },
    examples=[
        _asked("test", "An example of a type"),
        _told("delivery-test", "It will be sent in a moment", 202),
    ],
    extensions={"x-refusals": [FEATURE_DISABLED], **_LOCATED},
)

_VALIDATE_ONLY = OpenApiParameter(
    "validateOnly",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
    description="`true`: only count.",
)

replay_subscription = extend_schema(
    operation_id="replayWebhookSubscription",
    tags=[_WEBHOOKS],
    summary="Replay what was missed",
    description=(
        "Sends the events of a time again whose last delivery to this subscription has one of the statuses, "
        "each once and the oldest first, even while it is paused. What has been sent again with success, or "
        f"is on its way, is left out, and so are examples. At most {MOST_REPLAYED:,} at once."
    ),
    request=_body(requests.REPLAY_REQUEST),
    parameters=[_VALIDATE_ONLY],
    responses={
        200: OpenApiResponse(answers.REPLAY, description="With `validateOnly`: so many would be sent."),
        202: OpenApiResponse(answers.REPLAY, description="So many are sent."),
    },
    examples=[
        _asked("replay", "A morning"),
        _told("replay-counted", "Only counted"),
        _told("replayed", "Sent again", 202),
    ],
)

list_deliveries = extend_schema(
    operation_id="listWebhookDeliveries",
    tags=[_DELIVERIES],
    summary="List your deliveries",
    description="The deliveries to your client's subscriptions, newest first. They are kept for 30 days.",
    parameters=filters_of(DeliveryFilters),
    responses={200: OpenApiResponse(answers.DELIVERY_PAGE, description="A page of deliveries.")},
    examples=[_told("deliveries", "One delivery")],
)

get_delivery = extend_schema(
    operation_id="getWebhookDelivery",
    tags=[_DELIVERIES],
    summary="Read one delivery",
    description="How far it is, and what came back at each attempt.",
    responses={200: OpenApiResponse(answers.DELIVERY_DETAIL, description="The delivery.")},
    examples=[_told("delivery", "Delivered at the second attempt")],
)

redeliver = extend_schema(
    operation_id="redeliverWebhook",
    tags=[_DELIVERIES],
    summary="Send an event again",
    description=(
        "Makes a new delivery of the same event, signed with the present secret, even while the subscription "
        "is paused. Its failures don't count for the subscription. If that was deleted, the answer is "
        "`conflict`."
    ),
    request=None,
    responses={202: OpenApiResponse(answers.DELIVERY, description="The new delivery.")},
    examples=[_told("delivery-again", "Sent again", 202)],
    extensions={"x-refusals": [FEATURE_DISABLED, CONFLICT], **_LOCATED},
)
