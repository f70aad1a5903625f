"""The table of event types: complete, with schemas that hold and examples that fit them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from tests.webhooks.telling import EVERYTHING
from webhooks.catalog.blocks import BLOCKS, CUSTOMER_BLOCKS
from webhooks.catalog.examples import example_snapshot
from webhooks.catalog.schema import schema_of
from webhooks.catalog.types import EVENT_TYPES, matches, means_billing, means_something
from webhooks.payload.example import example_payload
from webhooks.payload.shape import Options, shape

CONTRACT = [
    "target.imported",
    "target.updated",
    "target.rejected",
    "target.cancelled",
    "target.scheduled",
    "target.completed",
    "target.follow_up_created",
    "customer_mapping.resolved",
    "import_job.completed",
    "route.suggestion.created",
    "route.published",
    "appointment.scheduled",
    "appointment.started",
    "appointment.completed",
    "appointment.problem_reported",
    "appointment.cancelled",
    "visit_report.created",
    "visit_report.submitted",
    "visit_report.approved",
    "visit_report.rejected",
    "visit_report.follow_up_required",
    "visit_report.problem_reported",
    "billing.event_created",
    "billing.event_ready",
    "billing.event_sent",
    "billing.event_failed",
    "webhook.test",
]


def _closed(schema: Any) -> Any:
    """The same schema, but it refuses members beyond the listed ones."""
    if isinstance(schema, dict):
        inside = {name: _closed(one) for name, one in schema.items()}
        return {**inside, "additionalProperties": False} if "properties" in schema else inside
    return [_closed(one) for one in schema] if isinstance(schema, list) else schema


def _example(event_type: str, options: Options) -> dict[str, Any]:
    return shape(
        snapshot=example_snapshot(event_type),
        event_type=event_type,
        event_id="evt_1",
        occurred_at=datetime(2026, 6, 18, tzinfo=UTC),
        tenant_slug="t",
        correlation_id="c",
        options=options,
    )


def test_the_types_are_those_of_the_contract_in_its_order() -> None:
    assert list(EVENT_TYPES) == CONTRACT


@pytest.mark.parametrize("event_type", CONTRACT)
def test_a_schema_is_valid_and_describes_every_member(event_type: str) -> None:
    schema = schema_of(event_type)
    Draft202012Validator.check_schema(schema)

    def described(one: dict[str, Any]) -> bool:
        inner = [*one.get("properties", {}).values(), *([one["items"]] if "items" in one else [])]
        return bool(one["description"]) and all(described(part) for part in inner)

    assert described(schema)


@pytest.mark.parametrize("event_type", CONTRACT)
@pytest.mark.parametrize(
    "options",
    [Options(), Options(customers_read=True), Options(customer_context=False), EVERYTHING],
    ids=["no customers.read", "usual", "no context", "everything"],
)
def test_an_example_fits_its_schema_and_goes_not_beyond(event_type: str, options: Options) -> None:
    validator = Draft202012Validator(_closed(schema_of(event_type)), format_checker=FormatChecker())
    assert list(validator.iter_errors(_example(event_type, options))) == []


@pytest.mark.parametrize("event_type", CONTRACT)
def test_an_example_shows_every_block_and_every_member_that_a_schema_lists(event_type: str) -> None:
    snapshot = example_snapshot(event_type)
    assert list(snapshot) == list(EVENT_TYPES[event_type].blocks)
    for name, block in snapshot.items():
        assert list(block) == list(BLOCKS[name].members), name


@pytest.mark.parametrize("event_type", CONTRACT)
def test_a_schema_refuses_what_lacks_a_required_block(event_type: str) -> None:
    validator = Draft202012Validator(schema_of(event_type))
    payload = example_payload(event_type)
    for name in payload:
        missing = {member: value for member, value in payload.items() if member != name}
        assert validator.is_valid(missing) is (name in CUSTOMER_BLOCKS), name


def test_examples_are_plain_json() -> None:
    for event_type in CONTRACT:
        payload = example_payload(event_type)
        assert json.loads(json.dumps(payload)) == payload


@pytest.mark.parametrize(
    ("patterns", "event_type", "hit"),
    [
        (["target.imported"], "target.imported", True),
        (["target.*"], "target.imported", True),
        (["route.*"], "route.suggestion.created", True),
        (["route.suggestion.*"], "route.suggestion.created", True),
        (["visit_report.*", "target.updated"], "target.updated", True),
        ([], "target.imported", False),
        (["*"], "target.imported", False),
        (["target"], "target.imported", False),
        (["target*"], "target.imported", False),
        (["target.im*"], "target.imported", False),
        (["target.*"], "targets.imported", False),
        (["visit_report.*"], "target.imported", False),
    ],
)
def test_a_pattern_is_a_name_or_all_of_a_noun(patterns: list[str], event_type: str, hit: bool) -> None:
    assert matches(patterns, event_type) is hit


def test_patterns_that_mean_nothing_or_billing_are_known() -> None:
    assert [means_something(one) for one in ("target.*", "billing.event_sent")] == [True, True]
    assert [means_something(one) for one in ("*", "target.", "nothing.*", "", ".*")] == [False] * 5
    assert [means_billing(one) for one in ("billing.*", "billing.event_sent", "target.*")] == [
        True,
        True,
        False,
    ]


def test_no_type_carries_members_that_must_never_leave_the_house() -> None:
    never = {"internalNotes", "secret", "key", "employee", "employeeId", "accessNotes", "parkingNotes"}
    for block in BLOCKS.values():
        assert not never & set(block.members)
    assert "customerNumber" not in BLOCKS["target"].members
