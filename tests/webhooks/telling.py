"""What receivers would be told of the events that are stored, oldest first."""

from collections.abc import Iterator
from typing import Any

from webhooks.models import Event
from webhooks.payload.shape import Options, shape

EVERYTHING = Options(
    customers_read=True,
    customer_context=True,
    contact_details=True,
    summary_preview=True,
    billing_details=True,
)
USUAL = Options(customers_read=True)


def payload_of(event: Event, options: Options = EVERYTHING) -> dict[str, Any]:
    """The payload of one event."""
    return shape(
        snapshot=event.snapshot,
        event_type=event.type,
        event_id=event.public_id,
        occurred_at=event.occurred_at,
        tenant_slug=event.tenant.slug,
        correlation_id=event.correlation_id,
        options=options,
        is_example=event.is_example,
    )


def told(event_type: str = "", options: Options = EVERYTHING) -> list[dict[str, Any]]:
    """The payloads of all events, or those of one type."""
    events = Event.objects.order_by("id").select_related("tenant")
    return [payload_of(one, options) for one in (events.filter(type=event_type) if event_type else events)]


def types() -> list[str]:
    """The types of all events."""
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def strings(value: Any) -> Iterator[str]:
    """All texts in a JSON value, names of members apart."""
    if isinstance(value, dict):
        for member in value.values():
            yield from strings(member)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value
