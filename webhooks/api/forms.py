"""What may be sent to the webhook endpoints. Members that are not known are ignored, as everywhere."""

from typing import Any

from rest_framework import serializers

from ordinavo.kernel import api_fields as fields
from ordinavo.kernel.api_errors import INVALID_FIELDS, details_of
from ordinavo.kernel.errors import ValidationFailed
from webhooks.catalog.types import TEST
from webhooks.models import Delivery
from webhooks.services.replay import MISSED
from webhooks.services.secrets import LONGEST_OVERLAP
from webhooks.services.subscriptions import DEFAULT_OPTIONS

DEFAULT_OVERLAP = 86_400
MOST_EVENT_TYPES = 50
OPTIONS = {
    "customerContext": "customer_context",
    "contactDetails": "contact_details",
    "summaryPreview": "summary_preview",
    "billingDetails": "billing_details",
}
COLUMNS = {"url": "url", "description": "description", "eventTypes": "event_types", "active": "active"}


class _OptionsForm(serializers.Serializer[Any]):
    default_error_messages = {"invalid": "Must be an object."}

    customerContext = fields.Flag()
    contactDetails = fields.Flag()
    summaryPreview = fields.Flag()
    billingDetails = fields.Flag()


def _firm(**extra: Any) -> dict[str, Any]:
    """A member that null cannot clear."""
    return {"allow_null": False, "error_messages": {"null": "Must not be null."}, **extra}


class _EventTypes(serializers.ListField):
    default_error_messages = {
        "not_a_list": "Must be a list of event types.",
        "min_length": "Must name at least one event type.",
        "max_length": "Must name at most {max_length} event types.",
        "null": "Must not be null.",
        "required": "Must name at least one event type.",
    }
    child = fields.Text(max_length=64, **_firm(allow_blank=False))


class SubscriptionForm(serializers.Serializer[Any]):
    """A subscription; for a change it is used with `partial`."""

    url = fields.Text(required=True, max_length=2000, **_firm(allow_blank=False))
    description = fields.Text(max_length=200)
    eventTypes = _EventTypes(min_length=1, max_length=MOST_EVENT_TYPES)
    active = fields.Flag(**_firm())
    payloadOptions = _OptionsForm(required=False, allow_null=True)


class RotationForm(serializers.Serializer[Any]):
    """How long the old secret goes on to sign; null means the default."""

    overlapSeconds = fields.WholeNumber(min_value=0, max_value=int(LONGEST_OVERLAP.total_seconds()))


class TestForm(serializers.Serializer[Any]):
    """Of which type an example is wanted."""

    eventType = fields.Text(max_length=64, allow_blank=False)


class ReplayForm(serializers.Serializer[Any]):
    """What is to be sent again."""

    since = fields.Instant(required=True, **_firm())
    until = fields.Instant()
    statuses = serializers.ListField(
        child=fields.Choice(Delivery.Status.values, **_firm()),
        required=False,
        allow_null=True,
        min_length=1,
        max_length=20,
        error_messages={
            "not_a_list": "Must be a list of statuses.",
            "min_length": "Must name at least one status; leave it out for Failed and Cancelled.",
            "max_length": "Must name at most {max_length} statuses.",
        },
    )


def sent_subscription(body: dict[str, Any], *, partial: bool) -> dict[str, Any]:
    """Return the arguments of the service for what was sent; raises `ValidationFailed`."""
    sent = validated(SubscriptionForm(partial=partial), body)
    given = {column: sent[name] for name, column in COLUMNS.items() if name in sent}
    if "description" in given:
        given["description"] = given["description"] or ""
    if "payloadOptions" in sent:
        given["options"] = _options(sent["payloadOptions"])
    return given


def sent_test(body: dict[str, Any]) -> str:
    """Return the event type to try."""
    return validated(TestForm(), body).get("eventType") or TEST


def sent_overlap(body: dict[str, Any]) -> int:
    """Return the seconds of the overlap."""
    seconds = validated(RotationForm(), body).get("overlapSeconds")
    return DEFAULT_OVERLAP if seconds is None else int(seconds)


def sent_replay(body: dict[str, Any]) -> dict[str, Any]:
    """Return `since`, `until` (None: now) and `statuses`."""
    sent = validated(ReplayForm(), body)
    statuses = sent.get("statuses") or [status.value for status in MISSED]
    return {"since": sent["since"], "until": sent.get("until"), "statuses": list(dict.fromkeys(statuses))}


def validated(form: serializers.Serializer[Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return what a form makes of a body, or raise `ValidationFailed` with a detail per fault."""
    try:
        sent: dict[str, Any] = form.run_validation(body)
    except serializers.ValidationError as exc:
        raise ValidationFailed(INVALID_FIELDS, details=[*details_of(exc.detail)]) from None
    return sent


def _options(sent: dict[str, Any] | None) -> dict[str, bool]:
    """Null, for one or for all, brings the default back; what is absent stays."""
    if sent is None:
        return dict(DEFAULT_OPTIONS)
    columns = {OPTIONS[name]: on for name, on in sent.items()}
    return {column: DEFAULT_OPTIONS[column] if on is None else on for column, on in columns.items()}
