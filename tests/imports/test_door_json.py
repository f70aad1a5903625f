"""Bodies that are no JSON object, or too large: refused before anything is stored."""

import json

import pytest

from tests.api import Api
from tests.imports.sending import PATH, assert_error_shape, assert_nothing_stored, payload

DEEP = b'{"externalId":"T","title":"t","customFields":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def _raw(members: str) -> bytes:
    return b'{"externalId":"T-1","title":"Visit",' + members.encode() + b"}"


NOT_JSON = {
    "nothing": b"",
    "white space": b" \n",
    "words": b"hello",
    "cut off": b'{"externalId": "T-1"',
    "a second value": b"{}{}",
    "single quotes": b"{'externalId': 'T-1'}",
    "a trailing comma": b'{"externalId": "T-1",}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "latin 1": '{"externalId": "T-1", "title": "ü"}'.encode("latin-1"),
    "utf 16": '{"externalId": "T-1", "title": "u"}'.encode("utf-16"),
    "NaN": _raw('"businessValue": {"expectedRevenue": NaN}'),
    "infinity": _raw('"businessValue": {"expectedRevenue": -Infinity}'),
    "1e400": _raw('"address": {"latitude": 1e400, "longitude": 1}'),
    "1e400 in a custom field": _raw('"customFields": {"a": -1e400}'),
    "30 digits": _raw('"planning": {"estimatedWorkMinutes": ' + "1" * 30 + "}"),
    "30 digits in a custom field": _raw('"customFields": {"a": ' + "9" * 30 + "}"),
    "5000 digits": _raw('"customFields": {"a": ' + "9" * 5000 + "}"),
    "beyond 2^53": _raw('"customFields": {"a": 9007199254740993}'),
    "half a surrogate pair": _raw(r'"description": "\ud83d"'),
    "half a surrogate pair as a name": _raw(r'"customFields": {"\udc00": 1}'),
    "NUL": _raw(r'"description": "a\u0000b"'),
    "NUL as a name": _raw(r'"a\u0000": 1'),
    "NUL as it is": _raw('"description": "a\0b"'),
    "10,000 levels": DEEP,
    "33 levels": _raw('"x": ' + "[" * 32 + "]" * 32),
    "a member twice": _raw('"title": "Other"'),
    "a member twice inside": _raw('"planning": {"priority": "Low", "priority": "High"}'),
    "a custom field twice": _raw('"customFields": {"a": 1, "a": 1}'),
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_refused_and_leaves_nothing(api: Api, body: bytes) -> None:
    answer = api.post(PATH, body)
    assert (answer.status_code, assert_error_shape(answer)["code"]) == (400, "invalid_json")
    assert_nothing_stored()


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b'"T-1"', b"1", b"true", b"null"])
def test_json_that_is_no_object_is_refused_and_leaves_nothing(api: Api, body: bytes) -> None:
    answer = api.post(PATH, body)
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    assert [(detail["path"], detail["code"]) for detail in error["details"]] == [("", "not_an_object")]
    assert_nothing_stored()


def test_a_body_over_a_mebibyte_is_refused_and_leaves_nothing(api: Api) -> None:
    members = payload(description="")
    members["description"] = "x" * (1024 * 1024 + 1 - len(json.dumps(members)))
    answer = api.post(PATH, members)
    assert (answer.status_code, assert_error_shape(answer)["code"]) == (413, "payload_too_large")
    assert_nothing_stored()


def test_a_body_of_exactly_a_mebibyte_is_read(api: Api) -> None:
    members = payload(padding="")
    members["padding"] = "x" * (1024 * 1024 - len(json.dumps(members)))
    assert api.post(PATH, members).status_code == 202
