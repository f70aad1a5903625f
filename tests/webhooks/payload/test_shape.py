"""What a subscription sees of an event: nothing beyond the schema, nothing beyond its options."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webhooks.telling import EVERYTHING, USUAL, strings
from webhooks.catalog.blocks import BLOCKS, CUSTOMER_BLOCKS
from webhooks.catalog.examples import example_snapshot
from webhooks.catalog.schema import schema_of
from webhooks.catalog.types import EVENT_TYPES
from webhooks.payload.shape import Options, shape

AT = datetime(2026, 6, 18, 16, 40, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples"

_OPTIONS = st.builds(Options, *[st.booleans()] * 5)
_TYPES = st.sampled_from(sorted(EVENT_TYPES))
_NAMES = st.text("abcdef", max_size=3)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _NAMES)
_NESTED = st.one_of(_SCALARS, st.lists(_SCALARS, max_size=2), st.dictionaries(_NAMES, _SCALARS, max_size=2))
_ANYTHING = st.one_of(_NESTED, st.lists(_NESTED, max_size=2), st.dictionaries(_NAMES, _NESTED, max_size=2))


def _marked(schema: Mapping[str, Any], path: str) -> Any:
    """A value that fits the schema and says where it comes from."""
    if "properties" in schema:
        inside = {name: _marked(one, f"{path}.{name}") for name, one in schema["properties"].items()}
        return {**inside, "beyond": f"<beyond {path}>"}
    return [_marked(schema["items"], path)] if "items" in schema else f"<{path}>"


MARKED = {
    name: {**_marked(block.schema, name), "internalNotes": f"<notes {name}>"}
    for name, block in BLOCKS.items()
}


def _shaped(event_type: str, options: Options, snapshot: Any = None, **more: Any) -> dict[str, Any]:
    return shape(
        **{
            "snapshot": MARKED if snapshot is None else snapshot,
            "event_type": event_type,
            "event_id": "evt_01",
            "occurred_at": AT,
            "tenant_slug": "acme",
            "correlation_id": "corr",
            "options": options,
            **more,
        }
    )


def _stays_within(value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, dict):
        members = schema.get("properties", {})
        return all(name in members and _stays_within(one, members[name]) for name, one in value.items())
    if isinstance(value, list):
        return all("items" in schema and _stays_within(one, schema["items"]) for one in value)
    return True


@given(_TYPES, _OPTIONS, st.dictionaries(st.sampled_from([*BLOCKS, "secret"]), _ANYTHING, max_size=4))
def test_no_member_stands_outside_the_schema(
    event_type: str, options: Options, strange: dict[str, Any]
) -> None:
    for snapshot in (MARKED, {**MARKED, **strange}, strange):
        assert _stays_within(_shaped(event_type, options, snapshot), schema_of(event_type))


@given(_TYPES, st.dictionaries(st.sampled_from(sorted(BLOCKS)), st.dictionaries(_NAMES, _ANYTHING)))
def test_strange_members_are_dropped_wherever_they_stand(event_type: str, more: dict[str, Any]) -> None:
    mixed = {name: {**more.get(name, {}), **block} for name, block in MARKED.items()}
    assert _shaped(event_type, EVERYTHING, mixed) == _shaped(event_type, EVERYTHING)


@given(_TYPES, _OPTIONS)
def test_without_customer_context_nothing_of_the_customer_is_anywhere(
    event_type: str, options: Options
) -> None:
    bare = Options(
        customers_read=options.customers_read,
        customer_context=False,
        contact_details=options.contact_details,
        summary_preview=options.summary_preview,
        billing_details=options.billing_details,
    )
    payload = _shaped(event_type, bare)
    assert not set(CUSTOMER_BLOCKS) & set(payload)
    told = " ".join(strings(payload))
    marks = [f"<{name}." for name in CUSTOMER_BLOCKS] + ["<mappingReview.externalId>", "<visitReport.title>"]
    assert [mark for mark in marks if mark in told] == []


@given(_TYPES, _OPTIONS)
def test_nothing_unlisted_is_ever_told(event_type: str, options: Options) -> None:
    told = json.dumps(_shaped(event_type, options))
    assert "beyond" not in told
    assert "notes" not in told


@given(_TYPES, _OPTIONS)
def test_shaping_again_changes_nothing(event_type: str, options: Options) -> None:
    payload = _shaped(event_type, options)
    assert _shaped(event_type, options, payload) == payload


@given(_TYPES, _OPTIONS)
def test_no_option_shows_more_than_all_of_them_do(event_type: str, options: Options) -> None:
    full = set(strings(_shaped(event_type, EVERYTHING)))
    assert set(strings(_shaped(event_type, options))) <= full | {"<target.title>"}


@given(_TYPES, _OPTIONS)
def test_the_snapshot_stays_as_it_was(event_type: str, options: Options) -> None:
    before = json.dumps(MARKED)
    _shaped(event_type, options)
    assert json.dumps(MARKED) == before


def test_without_customers_read_the_customer_blocks_hold_external_ids_only() -> None:
    payload = _shaped("visit_report.approved", Options(customers_read=False, contact_details=True))
    assert {name: payload[name] for name in CUSTOMER_BLOCKS} == {
        name: {"externalId": f"<{name}.externalId>"} for name in CUSTOMER_BLOCKS
    }
    assert payload["visitReport"]["title"] == "<target.title>"


@pytest.mark.parametrize(
    ("option", "event_type", "block", "members"),
    [
        ("contact_details", "target.imported", "contact", {"role", "email", "phone"}),
        ("summary_preview", "visit_report.approved", "visitReport", {"summaryPreview"}),
        ("billing_details", "billing.event_created", "billingEvent", {"details"}),
    ],
)
def test_an_option_adds_its_members_and_no_others(
    option: str, event_type: str, block: str, members: set[str]
) -> None:
    without = _shaped(event_type, USUAL)
    with_it = _shaped(event_type, Options(customers_read=True, **{option: True}))
    assert set(with_it[block]) - set(without[block]) == members
    assert {name: one for name, one in with_it.items() if name != block} == {
        name: one for name, one in without.items() if name != block
    }


def test_the_summary_is_told_by_its_first_280_characters() -> None:
    snapshot = {"visitReport": {"id": 1, "summaryPreview": "ä" * 300}, "target": {"title": "Visit"}}
    payload = _shaped("visit_report.approved", EVERYTHING, snapshot)
    assert payload["visitReport"]["summaryPreview"] == "ä" * 280


def test_the_envelope_comes_first_and_in_utc() -> None:
    berlin = AT.astimezone(timezone(timedelta(hours=2)))
    payload = _shaped("webhook.test", USUAL, occurred_at=berlin, is_example=True)
    assert list(payload.items()) == [
        ("eventId", "evt_01"),
        ("eventType", "webhook.test"),
        ("occurredAt", "2026-06-18T16:40:00Z"),
        ("tenantId", "acme"),
        ("source", "ordinavo"),
        ("payloadVersion", "2026-06-18"),
        ("correlationId", "corr"),
        ("isExample", True),
    ]
    assert "isExample" not in _shaped("webhook.test", USUAL)


def _holds(payload: Any, shown: Any) -> bool:
    """Whether every member of the published example is in the payload, exactly so."""
    if isinstance(shown, dict):
        return all(name in payload and _holds(payload[name], one) for name, one in shown.items())
    return bool(payload == shown) and type(payload) is type(shown)


@pytest.mark.parametrize("name", ["webhook-visit-report-approved", "webhook-billing-event-created"])
def test_a_published_example_is_what_is_sent(name: str) -> None:
    shown = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    payload = _shaped(
        shown["eventType"],
        USUAL,
        example_snapshot(shown["eventType"]),
        event_id=shown["eventId"],
        occurred_at=datetime.fromisoformat(shown["occurredAt"]),
        tenant_slug="tenant-123",
    )
    assert _holds(payload, shown)
