"""From what happened to what one subscription may see of it: an allow-list, applied when sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from webhooks.catalog.blocks import BLOCKS, CUSTOMER_BLOCKS
from webhooks.catalog.members import (
    BILLING_DETAILS,
    CONTACT_DETAILS,
    CUSTOMER_CONTEXT,
    SUMMARY_LENGTH,
    SUMMARY_PREVIEW,
    Block,
    Schema,
)
from webhooks.catalog.schema import PAYLOAD_VERSION, SOURCE
from webhooks.catalog.types import EVENT_TYPES

Snapshot = Mapping[str, Any]

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Options:
    """What a subscription asked for, and whether its client may read customers."""

    customers_read: bool = False
    customer_context: bool = True
    contact_details: bool = False
    summary_preview: bool = False
    billing_details: bool = False

    @property
    def switched_on(self) -> frozenset[str]:
        """The options by their names in the API."""
        options = {
            CUSTOMER_CONTEXT: self.customer_context,
            CONTACT_DETAILS: self.contact_details,
            SUMMARY_PREVIEW: self.summary_preview,
            BILLING_DETAILS: self.billing_details,
        }
        return frozenset(name for name, on in options.items() if on)


def shape(
    *,
    snapshot: Snapshot,
    event_type: str,
    event_id: str,
    occurred_at: datetime,
    tenant_slug: str,
    correlation_id: str,
    options: Options,
    is_example: bool = False,
) -> dict[str, Any]:
    """Return the payload: the envelope, then the blocks of the type, cut to the options.

    `snapshot` holds blocks by name, with all their members. Shaping what is shaped already changes nothing.
    """
    return {
        "eventId": event_id,
        "eventType": event_type,
        "occurredAt": occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "tenantId": tenant_slug,
        "source": SOURCE,
        "payloadVersion": PAYLOAD_VERSION,
        "correlationId": correlation_id,
        **({"isExample": True} if is_example else {}),
        **_blocks(snapshot, event_type, options),
    }


def _blocks(snapshot: Snapshot, event_type: str, options: Options) -> dict[str, Any]:
    told = {}
    for name in EVENT_TYPES[event_type].blocks:
        held = snapshot.get(name)
        if isinstance(held, Mapping) and (options.customer_context or name not in CUSTOMER_BLOCKS):
            told[name] = _block(name, held, options)
    report = told.get("visitReport")
    if report is not None:
        _retell(report, snapshot, options)
    return told


def _block(name: str, held: Mapping[str, Any], options: Options) -> dict[str, Any]:
    if name in CUSTOMER_BLOCKS and not options.customers_read:
        return _cut(held, {"externalId": BLOCKS[name].members["externalId"]})
    return _cut(held, _members(BLOCKS[name], options.switched_on))


def _members(block: Block, on: frozenset[str]) -> Mapping[str, Schema]:
    if not block.needs:
        return block.members
    return {name: schema for name, schema in block.members.items() if block.needs.get(name) in on | {None}}


def _retell(report: dict[str, Any], snapshot: Snapshot, options: Options) -> None:
    """A report's title names the location, and its summary is told in part only."""
    if not (options.customer_context and options.customers_read):
        target = snapshot.get("target")
        title = target.get("title") if isinstance(target, Mapping) else None
        report["title"] = title if isinstance(title, str) else ""
    if isinstance(report.get("summaryPreview"), str):
        report["summaryPreview"] = report["summaryPreview"][:SUMMARY_LENGTH]


def _cut(held: Mapping[str, Any], members: Mapping[str, Schema]) -> dict[str, Any]:
    """Return the listed members that are held, in the order of the list."""
    found = {name: _value(held[name], schema) for name, schema in members.items() if name in held}
    return {name: value for name, value in found.items() if value is not _NOTHING}


def _value(value: Any, schema: Schema) -> Any:
    """Return the value as far as its schema goes; an object where none is meant is nothing at all."""
    if isinstance(value, Mapping):
        return _cut(value, schema["properties"]) if "properties" in schema else _NOTHING
    if isinstance(value, list | tuple):
        if "items" not in schema:
            return _NOTHING
        told = (_value(item, schema["items"]) for item in value)
        return [item for item in told if item is not _NOTHING]
    return value
