import json
import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from ordinavo.kernel.admin.json_view import pretty

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def marked(html: str) -> list[str]:
    return [unescape(text).strip() for text in re.findall(r"<mark[^>]*>(.*?)</mark>", html)]


@given(JSON)
def test_what_is_shown_is_the_json_itself(value: object) -> None:
    assert json.loads(text_of(pretty(value))) == value


def test_members_keep_their_order_and_letters() -> None:
    assert (
        text_of(pretty({"b": "größe", "a": [1, {}]}))
        == '{\n  "b": "größe",\n  "a": [\n    1,\n    {}\n  ]\n}'
    )


def test_faulty_members_are_marked_wherever_they_are() -> None:
    value = {"a": {"b": 1, "c": 2}, "items": [{"b": 3}, {"b": 4}]}

    assert marked(pretty(value, faulty=["a.c", "items.1.b"])) == ['"c": 2', '"b": 4']


def test_a_missing_member_marks_the_object_around_it() -> None:
    assert marked(pretty({"a": {"b": 1}}, faulty=["a.c"])) == ['"a": {']


def test_a_fault_of_the_whole_marks_nothing() -> None:
    assert marked(pretty({"a": 1}, faulty=["", "zzz"])) == []


def test_what_was_sent_is_never_markup() -> None:
    page = pretty({"<script>": "</pre><script>alert(1)</script>"}, faulty=["<script>"])

    assert "<script>" not in page
