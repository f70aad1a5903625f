"""Partial updates: absent keeps, null clears, objects merge by member."""

from decimal import Decimal
from typing import Any

import pytest

from targets.imports.models import ImportItem
from targets.models import Target
from tests.api import Api
from tests.imports.sending import imported, payload, result, send, warnings

FULL: dict[str, Any] = {
    "externalType": "DeliveryOrder",
    "title": "Visit",
    "description": "Words.",
    "templateKey": "nobody_knows",
    "address": {
        "street": "Hachestrasse 12",
        "postalCode": "45127",
        "city": "Essen",
        "country": "de",
        "latitude": 51.4513,
        "longitude": 7,
    },
    "planning": {
        "priority": "high",
        "estimatedWorkMinutes": 45,
        "dueDate": "2026-07-01",
        "preferredTimeWindowStart": "2026-07-01T10:00:00+02:00",
        "preferredTimeWindowEnd": "2026-07-01T14:00:00Z",
        "routeDate": "2026-06-30",
        "fixedTime": True,
    },
    "businessValue": {"expectedRevenue": 2500.5, "customerTier": "A", "closeProbability": 75},
    "customFields": {"b": "1", "a": 2, "c": True, "d": None, "e": 1.0},
}
COLUMNS: dict[str, Any] = {
    "external_type": "DeliveryOrder",
    "title": "Visit",
    "description": "Words.",
    "template_key": "nobody_knows",
    "template": None,
    "street": "Hachestrasse 12",
    "postal_code": "45127",
    "city": "Essen",
    "country": "DE",
    "latitude": 51.4513,
    "longitude": 7.0,
    "priority": "High",
    "estimated_work_minutes": 45,
    "due_date": "2026-07-01",
    "due_at": None,
    "time_window_start": "2026-07-01T08:00:00+00:00",
    "time_window_end": "2026-07-01T14:00:00+00:00",
    "route_date": "2026-06-30",
    "fixed_time": True,
    "expected_revenue": Decimal("2500.50"),
    "customer_tier": "A",
    "close_probability": 75.0,
    "custom_fields": {"b": "1", "a": 2, "c": True, "d": None, "e": 1.0},
}


def _columns() -> dict[str, Any]:
    target = Target.objects.get()
    columns = {name: getattr(target, name) for name in COLUMNS}
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in columns.items()}


def _changed() -> dict[str, Any]:
    """The columns that are no longer as FULL made them."""
    return {name: value for name, value in _columns().items() if value != COLUMNS[name]}


def test_every_field_is_stored(api: Api) -> None:
    assert result(send(api, **FULL)) == "Created"
    assert _columns() == COLUMNS
    assert list(Target.objects.get().custom_fields) == ["b", "a", "c", "d", "e"]


# What an update sends, and the columns that are different afterwards.
UPDATES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "empty objects": ({"planning": {}, "address": {}, "businessValue": {}}, {}),
    "one text": ({"description": "Others."}, {"description": "Others."}),
    "null for a text": ({"description": None}, {"description": ""}),
    "an empty text": ({"description": " "}, {"description": ""}),
    "one member": ({"planning": {"routeDate": "2026-07-05"}}, {"route_date": "2026-07-05"}),
    "null for a member": (
        {"planning": {"priority": None, "fixedTime": None, "estimatedWorkMinutes": None}},
        {"priority": None, "fixed_time": False, "estimated_work_minutes": None},
    ),
    "null for the business value": (
        {"businessValue": None},
        {"expected_revenue": None, "customer_tier": "", "close_probability": None},
    ),
    "null for planning": (
        {"planning": None},
        {
            "priority": None,
            "estimated_work_minutes": None,
            "due_date": None,
            "time_window_start": None,
            "time_window_end": None,
            "route_date": None,
            "fixed_time": False,
        },
    ),
    "null for the address": (
        {"address": None},
        {"street": "", "postal_code": "", "city": "", "country": "", "latitude": None, "longitude": None},
    ),
    "a part of the address": ({"address": {"city": "Bochum"}}, {"city": "Bochum"}),
    "coordinates are cleared": (
        {"address": {"latitude": None, "longitude": None}},
        {"latitude": None, "longitude": None},
    ),
    "custom fields are replaced whole": ({"customFields": {"z": 1}}, {"custom_fields": {"z": 1}}),
    "no custom fields": ({"customFields": {}}, {"custom_fields": {}}),
    "null for the custom fields": ({"customFields": None}, {"custom_fields": {}}),
    "a time clears the day": (
        {"planning": {"dueAtUtc": "2026-07-02T12:00:00Z"}},
        {"due_date": None, "due_at": "2026-07-02T12:00:00+00:00"},
    ),
    "null for the other due field": ({"planning": {"dueAtUtc": None}}, {}),
    "a day beside null": (
        {"planning": {"dueDate": "2026-07-03", "dueAtUtc": None}},
        {"due_date": "2026-07-03"},
    ),
    "null clears the day": ({"planning": {"dueDate": None}}, {"due_date": None}),
    "the other spelling": (
        {"planning": {"timeWindowStartUtc": "2026-07-01T09:00:00Z"}},
        {"time_window_start": "2026-07-01T09:00:00+00:00"},
    ),
    "both spellings alike": (
        {
            "planning": {
                "timeWindowEndUtc": "2026-07-01T15:00:00Z",
                "preferredTimeWindowEnd": "2026-07-01T17:00:00+02:00",
            }
        },
        {"time_window_end": "2026-07-01T15:00:00+00:00"},
    ),
    "null in the other spelling": ({"planning": {"timeWindowEndUtc": None}}, {"time_window_end": None}),
    "the window moves": (
        {
            "planning": {
                "timeWindowStartUtc": "2026-07-02T08:00:00Z",
                "timeWindowEndUtc": "2026-07-02T09:00:00Z",
            }
        },
        {
            "time_window_start": "2026-07-02T08:00:00+00:00",
            "time_window_end": "2026-07-02T09:00:00+00:00",
        },
    ),
    "dates that contradict each other": (
        {"planning": {"dueDate": "2020-01-01", "routeDate": "2030-01-01"}},
        {"due_date": "2020-01-01", "route_date": "2030-01-01"},
    ),
}


@pytest.mark.parametrize("operation", ["update", "upsert"])
@pytest.mark.parametrize(("members", "changes"), UPDATES.values(), ids=UPDATES.keys())
def test_an_update_changes_what_it_says_and_keeps_the_rest(
    api: Api, operation: str, members: dict[str, Any], changes: dict[str, Any]
) -> None:
    send(api, **FULL)
    sent = payload(operation=operation, **members)
    if operation == "update":
        del sent["title"]
    for expected in ("Updated" if changes else "Unchanged", "Unchanged"):
        assert result(api.post("/inbound/targets", sent)) == expected
        assert _changed() == changes
    assert Target.objects.get().revision == (2 if changes else 1)


def test_a_day_clears_the_due_time(api: Api) -> None:
    send(api, planning={"dueAtUtc": "2026-07-02T12:00:00Z"})
    send(api, planning={"dueDate": "2026-07-02"})
    target = Target.objects.get()
    assert (str(target.due_date), target.due_at) == ("2026-07-02", None)


@pytest.mark.parametrize(
    ("planning", "path"),
    [
        ({"preferredTimeWindowStart": "2026-07-01T14:00:00Z"}, "planning.preferredTimeWindowStart"),
        ({"timeWindowStartUtc": "2026-07-01T15:00:00Z"}, "planning.timeWindowStartUtc"),
        ({"preferredTimeWindowEnd": "2026-07-01T08:00:00Z"}, "planning.preferredTimeWindowEnd"),
        ({"timeWindowEndUtc": "2026-07-01T07:00:00Z"}, "planning.timeWindowEndUtc"),
    ],
)
def test_a_window_that_ends_before_it_starts_after_merging_is_refused(
    api: Api, planning: dict[str, str], path: str
) -> None:
    send(api, **FULL)
    answer = send(api, title="Other", planning=planning)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "item_rejected")
    assert [(d["code"], d["path"]) for d in error["details"]] == [("validation_failed", path)]
    assert _changed() == {}
    assert ImportItem.objects.latest("id").error_code == "validation_failed"


def test_an_address_beside_a_location_is_ignored_and_said(api: Api) -> None:
    send(api, address={"city": "Essen"})
    answer = send(
        api,
        customer={"externalId": "C", "name": "A"},
        location={"externalId": "L", "city": "Bochum"},
        address={"city": "Witten", "latitude": 1, "longitude": 2},
    )
    assert [(w["code"], w["path"]) for w in imported(answer)["warnings"]] == [("address_ignored", "address")]
    target = Target.objects.get()
    assert (target.city, target.latitude) == ("Essen", None)
    assert target.location is not None
    assert target.location.city == "Bochum"


def test_an_empty_location_leaves_the_address_alone(api: Api) -> None:
    answer = send(api, location={}, address={"city": "Witten"})
    assert warnings(answer) == []
    assert Target.objects.get().city == "Witten"


@pytest.mark.parametrize(
    ("stored", "sent", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, "Updated"),
        ({"a": 1}, {"a": True}, "Updated"),
        ({"a": 0}, {"a": False}, "Updated"),
        ({"a": 1}, {"a": "1"}, "Updated"),
        ({"a": None}, {}, "Updated"),
        ({"a": ""}, {"a": None}, "Updated"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "Unchanged"),
        ({"a": "\u00e4"}, {"a": "a\u0308"}, "Updated"),
    ],
)
def test_custom_fields_are_compared_as_json(
    api: Api, stored: dict[str, Any], sent: dict[str, Any], expected: str
) -> None:
    send(api, customFields=stored)
    assert result(send(api, customFields=sent)) == expected
    fields = Target.objects.get().custom_fields
    assert repr(fields) == repr(sent if expected == "Updated" else stored)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"planning": {"priority": "Medium"}}, {"planning": {"priority": "NORMAL"}}),
        (
            {"planning": {"dueAtUtc": "2026-07-01T08:00:00Z"}},
            {"planning": {"dueAtUtc": "2026-07-01t10:00:00.000+02:00"}},
        ),
        (
            {"address": {"country": "DE", "latitude": 1, "longitude": 2}},
            {"address": {"country": "de", "latitude": 1.0, "longitude": 2.0}},
        ),
        ({"businessValue": {"expectedRevenue": 10}}, {"businessValue": {"expectedRevenue": 10.00}}),
        ({"description": "a"}, {"description": " a "}),
        ({"description": ""}, {"description": None}),
        ({"planning": {"dueDate": None}}, {"planning": {}}),
    ],
)
def test_another_spelling_of_the_same_is_unchanged(
    api: Api, first: dict[str, Any], again: dict[str, Any]
) -> None:
    send(api, **first)
    assert result(send(api, **again)) == "Unchanged"


def test_custom_fields_come_back_as_they_were_spelled(api: Api) -> None:
    text = '{"z":1.0,"a":-0.5,"m":1e22,"\\u00e9":"\\ud83d\\ude00","b":0,"y":true,"x":null}'
    api.post(
        "/inbound/targets", b'{"externalId":"T-1","title":"Visit","customFields":' + text.encode() + b"}"
    )
    fields = Target.objects.get().custom_fields
    assert list(fields) == ["z", "a", "m", "\u00e9", "b", "y", "x"]
    assert repr(list(fields.values())) == "[1.0, -0.5, 1e+22, '\N{GRINNING FACE}', 0, True, None]"
