"""The short way to a phone's key must never lead elsewhere than the long one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from customers.matching.phones import parsed_key, plain_key

CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)


@given(
    code=st.sampled_from(CODES),
    national=st.text("0123456789", min_size=4, max_size=14),
    space=st.integers(0, 14),
)
def test_a_plain_number_has_the_key_that_the_whole_grammar_gives_it(
    code: int, national: str, space: int
) -> None:
    phone = f"+{code} {national[:space]} {national[space:]}"
    assert plain_key(phone) in {"", parsed_key(phone, "DE")}


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("+49 201 123456", "+49201123456"),
        ("+1 212 555 0100", "+12125550100"),
        ("+49 (0)201 123456", ""),
        ("+49 0201 123456", ""),
        ("+49 201 123456 ext. 7", ""),
        ("0201 123456", ""),
        ("+999 123456", ""),
        ("+49 1", ""),
        ("", ""),
    ],
)
def test_only_plain_international_numbers_take_the_short_way(phone: str, key: str) -> None:
    assert plain_key(phone) == key
