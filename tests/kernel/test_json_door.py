import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinavo.kernel.errors import InvalidJson
from ordinavo.kernel.json_door import DEFAULT_LIMIT, loads
from tests.api import Api

SAFE = 2**53

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner)
    ),
    max_leaves=20,
)


def _deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


REFUSED = {
    b"": "The body is not valid JSON (Expecting value, line 1, column 1).",
    b"{": "The body is not valid JSON (Expecting property name enclosed in double quotes, line 1, column 2).",
    b"{'a': 1}": None,
    b'{"a": 1,}': None,
    b'{"a": 1} x': "The body is not valid JSON (Extra data, line 1, column 10).",
    b'{"a": 01}': None,
    b'{"a": +1}': None,
    b'{"a": .5}': None,
    b"key=value": None,
    b'\xef\xbb\xbf{"a": 1}': None,
    b'{"a": "\xff"}': "The body is not UTF-8.",
    b'{"a": "\xed\xa0\x80"}': "The body is not UTF-8.",
    '{"a": 1}'.encode("utf-16"): "The body is not UTF-8.",
    b'{"a": NaN}': "NaN is not a JSON number.",
    b'{"a": Infinity}': "Infinity is not a JSON number.",
    b'{"a": -Infinity}': "-Infinity is not a JSON number.",
    b'{"a": 1e400}': "A number is too large.",
    b'{"a": -1e400}': "A number is too large.",
    b'{"a": 1' + b"0" * 500 + b".5}": "A number is too large.",
    b'{"a": 9007199254740993}': "A whole number lies outside ±2^53; send it as a string.",
    b'{"a": ' + b"1" * 30 + b"}": "A whole number lies outside ±2^53; send it as a string.",
    b'{"a": -' + b"1" * 30 + b"}": "A whole number lies outside ±2^53; send it as a string.",
    b'{"a": ' + b"1" * 5000 + b"}": "A whole number lies outside ±2^53; send it as a string.",
    b'{"a": "\\ud800"}': "A string holds half a surrogate pair.",
    b'{"a": "\\uDC00"}': "A string holds half a surrogate pair.",
    b'{"a": "\\udc00\\ud800"}': "A string holds half a surrogate pair.",
    b'{"a": [{"\\uD83D": 1}]}': "A string holds half a surrogate pair.",
    b'{"a": "\\u0000"}': "NUL characters are not allowed.",
    b'{"a": {"x\\u0000": 1}}': "NUL characters are not allowed.",
    b'{"a": "\0"}': None,
    b'{"a": 1}\0': None,
    b'{"a": "\n"}': None,
    b'{"a": 1, "a": 1}': 'The member "a" stands twice in one object.',
    b'{"x": [{"a": 1, "b": 2, "\\u0061": 3}]}': 'The member "a" stands twice in one object.',
    _deep(33): "The JSON is nested deeper than 32 levels.",
    _deep(10_000): "The JSON is nested deeper than 32 levels.",
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000: "The JSON is nested deeper than 32 levels.",
    b"[" * 10_000: "The JSON is nested deeper than 32 levels.",
}


@pytest.mark.parametrize(("body", "message"), REFUSED.items(), ids=lambda value: repr(value)[:40])
def test_what_no_reader_can_give_back_is_refused_with_a_sentence(body: bytes, message: str | None) -> None:
    with pytest.raises(InvalidJson) as refusal:
        loads(body)
    if message is not None:
        assert refusal.value.message == message
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"items": [{"a": 1}, {"planning": {"dueDate": "\\u0000"}}]}', "items.1.planning.dueDate"),
        (b'{"items": [{"a": "\\ud800"}]}', "items.0.a"),
        (b'{"a": {"x\\u0000": 1}}', "a"),
        (b'{"a": [1, NaN, NaN]}', "a.1"),
        (b'{"a": [1, 1e400]}', "a.1"),
        (b'{"a": {"b": 9007199254740993}}', "a.b"),
        (b'{"x": [{"a": 1, "a": 2}]}', "x.0"),
        (b"NaN", ""),
        (b'{"' + b"n" * 500 + b'": NaN}', "n" * 200),
    ],
)
def test_what_is_refused_is_named_by_its_place(body: bytes, path: str) -> None:
    with pytest.raises(InvalidJson) as refusal:
        loads(body)
    [detail] = refusal.value.details
    assert (detail.path, detail.code, detail.message) == (path, "invalid_json", refusal.value.message)


@pytest.mark.parametrize("body", [b"{", _deep(33), b'{"a": "\xff"}', b"[" * 10_000 + b"NaN"])
def test_where_there_is_no_place_none_is_named(body: bytes) -> None:
    with pytest.raises(InvalidJson) as refusal:
        loads(body)
    assert refusal.value.details == ()


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b" [1, 2.5, -0.0, 1e2] ", [1, 2.5, -0.0, 100.0]),
        (b'{"a": 9007199254740992, "b": -9007199254740992}', {"a": SAFE, "b": -SAFE}),
        (b'{"a": 1.7976931348623157e308}', {"a": 1.7976931348623157e308}),
        (b'{"a": 1e-400}', {"a": 0.0}),
        (b'{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        (b'{"a": "\\\\ud800"}', {"a": "\\ud800"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('{"ä": "😀\u2028"}'.encode(), {"ä": "😀\u2028"}),
        (b'{"a": {"b": 1}, "b": 2}', {"a": {"b": 1}, "b": 2}),
        (b'{"a": "' + b"[" * 100 + b'"}', {"a": "[" * 100}),
        (b"[" + b"[]," * 100 + b"[]]", [[]] * 101),
    ],
)
def test_what_is_well_formed_comes_in_unchanged(body: bytes, value: Any) -> None:
    assert loads(body) == value


def test_thirty_two_levels_are_allowed() -> None:
    assert json.dumps(loads(_deep(32))).encode() == _deep(32)


def test_members_keep_their_order() -> None:
    assert list(loads(b'{"b": 1, "a": 2, "c": 3}')) == ["b", "a", "c"]


@given(any_json)
def test_every_json_value_comes_in_as_it_was(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(InvalidJson):
        loads(body)


@pytest.mark.urls("tests.probe")
@pytest.mark.parametrize("body", [b"{", b"", b'{"a": NaN}', _deep(10_000), b'{"a": "\\u0000"}'])
def test_a_refused_body_is_a_400_in_the_error_shape(api: Api, body: bytes) -> None:
    answer = api.post("/echo", body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "invalid_json")
    assert error["correlationId"] == answer.headers["X-Correlation-Id"]


@pytest.mark.urls("tests.probe")
@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null"])
def test_json_that_is_no_object_is_a_validation_error(api: Api, body: bytes) -> None:
    answer = api.post("/echo", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_failed")


@pytest.mark.urls("tests.probe")
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "Application/JSON",
        "application/json; charset=utf8; x=y",
    ],
)
def test_json_in_utf_8_is_taken_however_it_is_named(api: Api, content_type: str) -> None:
    assert api.post("/echo", {"ä": 1}, content_type=content_type).json() == {"ä": 1}


@pytest.mark.urls("tests.probe")
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=latin-1",
        "application/json-patch+json",
        "nonsense",
        "",
    ],
)
def test_other_content_types_are_a_415(api: Api, content_type: str) -> None:
    answer = api.post("/echo", {"a": 1}, content_type=content_type)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.urls("tests.probe")
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "gzip, identity"])
def test_compressed_bodies_are_a_415(api: Api, encoding: str) -> None:
    answer = api.post("/echo", {"a": 1}, Content_Encoding=encoding)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.urls("tests.probe")
def test_identity_is_no_compression(api: Api) -> None:
    assert api.post("/echo", {"a": 1}, Content_Encoding="identity").status_code == 200


@pytest.mark.urls("tests.probe")
def test_a_mebibyte_is_taken_and_a_byte_more_is_a_413(api: Api) -> None:
    body = b'{"a":"' + b"x" * (DEFAULT_LIMIT - 8) + b'"}'
    assert len(body) == DEFAULT_LIMIT
    assert api.post("/echo", body).status_code == 200
    answer = api.post("/echo", body + b" ")
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "payload_too_large"
    assert answer.json()["error"]["message"] == "The body may have at most 1,048,576 bytes."
