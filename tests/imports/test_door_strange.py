"""What is strange but allowed: imported, with warnings where something was passed over."""

import json
from typing import Any

import pytest

from targets.models import Target
from tests.api import Api
from tests.imports.sending import PATH, payload

BLOCKS = ("customer", "location", "contact", "address", "planning", "businessValue", "customFields")
WORDS = ("externalType", "sourceSystem", "operation", "description", "templateKey")
GOOD: dict[str, dict[str, Any]] = {
    "externalId of 128 characters": {"externalId": "\N{GRINNING FACE}" * 128},
    "white space around an external id": {"externalId": " T-1 "},
    "nulls everywhere": dict.fromkeys(WORDS + BLOCKS),
    "empty objects everywhere": {name: {} for name in BLOCKS},
    "empty texts": {"description": "", "templateKey": "", "address": {"country": "", "street": ""}},
    "50 custom fields": {"customFields": {"n" * 62 + f"{n:02}": n for n in range(50)}},
    "the largest numbers": {
        "customFields": {"a": 9007199254740992, "b": -9007199254740992, "c": 1e308, "d": 5e-324},
        "businessValue": {"expectedRevenue": 999_999_999_998.99, "closeProbability": 100},
        "address": {"latitude": -90, "longitude": 180},
    },
    "a whole number with a point": {"planning": {"estimatedWorkMinutes": 45.0}},
    "times far away": {"planning": {"dueAtUtc": "9999-12-30T23:59:59Z", "routeDate": "9999-12-31"}},
    "times long ago": {"planning": {"dueDate": "0001-01-01", "timeWindowStartUtc": "0001-01-02T00:00:00Z"}},
    "nanoseconds": {"planning": {"dueAtUtc": "2026-02-03t08:00:00.123456789+05:30"}},
    "a country in small letters": {"address": {"country": "de"}},
    "a phone that is too long for E.164": {
        "customer": {"externalId": "C", "phone": "+49" + "2" * 15, "name": "A"}
    },
    "an e-mail that grows when folded": {
        "customer": {"externalId": "C", "name": "A", "email": "a" * 120 + "@" + ("ß" * 28 + ".") * 4 + "de"}
    },
    "an e-mail in place of a name": {
        "customer": {"externalId": "C", "name": "A"},
        "contact": {"externalId": "K", "email": "a" * 190 + "@" + "b" * 50 + ".de"},
    },
    "a name that grows when normalised": {
        "customer": {"externalId": "C", "name": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200}
    },
    "32 levels that are ignored": {"x": json.loads("[" * 31 + "]" * 31)},
    "astral letters": {"title": "\N{GRINNING FACE}" * 200},
}


@pytest.mark.parametrize("members", GOOD.values(), ids=GOOD.keys())
def test_what_is_strange_but_allowed_is_imported_and_the_same_again_changes_nothing(
    api: Api, members: dict[str, Any]
) -> None:
    first, again = api.post(PATH, payload(**members)), api.post(PATH, payload(**members))
    assert first.status_code == 202, first.content
    assert [answer.json()["items"][0]["result"] for answer in (first, again)] == ["Created", "Unchanged"]
    assert Target.objects.get().revision == 1


def test_unknown_fields_are_warnings_with_their_paths(api: Api) -> None:
    answer = api.post(
        PATH,
        payload(
            titel="x",
            planning={"priority": "Low", "dueDat": 1},
            customer={"externalId": "C", "name": "A", "vat": {"id": 1}},
            location={"externalId": "L", "country": "DE", "zip": None},
            customFields={"anything": 1},
        ),
    )
    item = answer.json()["items"][0]
    assert [(w["code"], w["path"]) for w in item["warnings"]] == [
        ("unknown_field", "titel"),
        ("unknown_field", "planning.dueDat"),
        ("unknown_field", "customer.vat"),
        ("unknown_field", "location.zip"),
    ]
    assert item["result"] == "Created"
    assert answer.json()["warningItems"] == 1


def test_an_answer_lists_a_hundred_unknown_fields_and_says_that_there_are_more(api: Api) -> None:
    answer = api.post(PATH, payload(**{f"x{n}": 0 for n in range(50_000)}))
    warnings = answer.json()["items"][0]["warnings"]
    assert [warning["path"] for warning in warnings] == [*(f"x{n}" for n in range(100)), ""]
    assert {warning["code"] for warning in warnings} == {"unknown_field"}


def test_what_a_cancel_does_not_need_is_not_asked_of_it(api: Api) -> None:
    api.post(PATH, payload())
    answer = api.post(PATH, payload(operation="cancel", title=None))
    assert answer.json()["items"][0]["result"] == "Cancelled"
    assert Target.objects.get().title == "Visit"
