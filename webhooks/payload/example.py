"""The example payload of every type, as a subscription with the usual options gets it."""

from datetime import UTC, datetime
from typing import Any

from webhooks.catalog.examples import example_snapshot
from webhooks.payload.shape import Options, shape

_OCCURRED = datetime(2026, 6, 18, 16, 40, tzinfo=UTC)
_EVENT_ID = "evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C"
_CORRELATION_ID = "7d97b0f5-5a3e-4c1c-9a57-2f4c1d1f6b10"


def example_payload(event_type: str) -> dict[str, Any]:
    """Return the payload of an example, for documentation; `tenantId` is a made-up one."""
    return shape(
        snapshot=example_snapshot(event_type),
        event_type=event_type,
        event_id=_EVENT_ID,
        occurred_at=_OCCURRED,
        tenant_slug="tenant-123",
        correlation_id=_CORRELATION_ID,
        options=Options(customers_read=True),
    )
