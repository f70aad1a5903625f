"""What a request changed: absent keeps, null clears, custom fields come as a whole."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordinavo.desk.story.differences import Change, applied, changes, flattened

KNOWN = {"title": "Visit", "planning.priority": "High", "planning.dueDate": "2026-07-01", "customFields.a": 1}


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"externalId": "J-1", "operation": "upsert", "title": "Visit"}, []),
        ({"title": "Other"}, [Change("title", "Visit", "Other")]),
        ({"planning": {"priority": None}}, [Change("planning.priority", "High", None)]),
        (
            {"planning": None},
            [Change("planning.priority", "High", None), Change("planning.dueDate", "2026-07-01", None)],
        ),
        (
            {"customFields": {"b": True}},
            [Change("customFields.b", None, "true"), Change("customFields.a", "1", None)],
        ),
        ({"customFields": {}}, [Change("customFields", None, "{}"), Change("customFields.a", "1", None)]),
        ({"tags": ["x"]}, [Change("tags", None, '["x"]')]),
        ({"customer": {"externalId": "C-1"}}, [Change("customer.externalId", None, "C-1")]),
        ("no object", []),
        (None, []),
    ],
)
def test_a_request_is_compared_with_what_is_known(payload: object, found: list[Change]) -> None:
    assert changes(KNOWN, payload) == found


def test_what_a_request_leaves_is_known_afterwards() -> None:
    known = applied(KNOWN, {"title": "Other", "planning": {"priority": None}, "customFields": {"b": 2}})

    assert known == {"title": "Other", "planning.dueDate": "2026-07-01", "customFields.b": 2}


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=4,
)
# The first values take longest to be thought up.
_patient = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)


@_patient
@given(
    known=st.dictionaries(st.sampled_from("abc"), _values),
    payload=st.dictionaries(st.sampled_from("abc"), _values),
)
def test_what_is_sent_twice_changes_nothing_the_second_time(
    known: dict[str, object], payload: dict[str, object]
) -> None:
    after = applied(applied({}, known), payload)

    assert changes(after, payload) == []
    assert applied(after, payload) == after


@_patient
@given(payload=st.dictionaries(st.sampled_from("abc"), _values))
def test_of_a_first_request_everything_but_nulls_is_new(payload: dict[str, object]) -> None:
    new = {change.path for change in changes({}, payload)}

    assert new == {path for path, value in flattened(payload).items() if value is not None}
