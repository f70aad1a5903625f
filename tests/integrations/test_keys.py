import re
from string import punctuation

from hypothesis import given
from hypothesis import strategies as st

from integrations import keys

positions = st.integers(min_value=0, max_value=44)
characters = st.sampled_from(keys.ALPHABET + punctuation + " \n\0é")


def test_a_new_key_is_prefix_thirty_random_characters_and_a_checksum() -> None:
    secret = keys.new_key("live")
    assert re.fullmatch(r"fio_live_[0-9A-Za-z]{36}", secret)
    assert keys.new_key("test").startswith("fio_test_")
    assert keys.RANDOM_LENGTH * 5.954 > 160


def test_no_key_comes_twice() -> None:
    assert len({keys.new_key("live") for _ in range(200)}) == 200


def test_a_new_key_is_well_formed() -> None:
    assert all(keys.well_formed(keys.new_key(environment)) for environment in ("live", "test") * 50)


def test_the_checksum_of_a_known_key_stays_what_it_is() -> None:
    assert keys.well_formed("fio_live_0123456789ABCDEFGHIJKLMNOPQRST" + "2bC7rv")
    assert not keys.well_formed("fio_live_0123456789ABCDEFGHIJKLMNOPQRST000000")


@given(positions, characters)
def test_one_changed_character_is_refused(position: int, character: str) -> None:
    secret = keys.new_key("live")
    changed = secret[:position] + character + secret[position + 1 :]
    assert keys.well_formed(changed) is (changed == secret)


@given(positions)
def test_one_dropped_character_is_refused(position: int) -> None:
    secret = keys.new_key("live")
    assert not keys.well_formed(secret[:position] + secret[position + 1 :])


@given(positions, characters)
def test_one_added_character_is_refused(position: int, character: str) -> None:
    secret = keys.new_key("live")
    assert not keys.well_formed(secret[:position] + character + secret[position:])


@given(st.integers(min_value=9, max_value=37))
def test_two_neighbours_in_the_wrong_order_are_refused(position: int) -> None:
    secret = keys.new_key("live")
    swapped = secret[:position] + secret[position + 1] + secret[position] + secret[position + 2 :]
    assert keys.well_formed(swapped) is (swapped == secret)


@given(st.text())
def test_any_other_text_is_no_key(text: str) -> None:
    assert not keys.well_formed(text)


def test_the_other_environment_is_another_key() -> None:
    assert not keys.well_formed(keys.new_key("live").replace("live", "test"))


def test_the_digest_is_sha256_of_the_whole_secret() -> None:
    assert keys.digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_visible_start_leaves_the_rest_to_guess() -> None:
    secret = keys.new_key("live")
    assert keys.visible_start(secret) == secret[:13]
