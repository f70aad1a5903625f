"""Normalised forms: equal for what is equal, empty for what is nothing, never too long for their columns."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.matching.normalise import email_key, name_key, text_key
from customers.matching.phones import phone_key

DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("country", "sent", "key"),
    [
        ("DE", "0201 123456", "+49201123456"),
        ("DE", "0201/12 34-56", "+49201123456"),
        ("DE", "+49 (0)201 123456", "+49201123456"),
        ("DE", "0049 201 123456", "+49201123456"),
        ("AT", "01 234567", "+431234567"),
        ("AT", "0664 1234567", "+436641234567"),
        ("CH", "044 668 18 00", "+41446681800"),
        ("CH", "+49 201 123456", "+49201123456"),
        ("US", "(202) 555-0123", "+12025550123"),
        ("US", "202.555.0123", "+12025550123"),
        ("US", "011 49 201 123456", "+49201123456"),
    ],
)
def test_a_phone_is_read_with_the_tenants_country_as_default(country: str, sent: str, key: str) -> None:
    assert phone_key(sent, country) == key


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "-",
        "n/a",
        "keine",
        "0",
        "0000000",
        "00000000000",
        "11111111",
        "12345",
        "110",
        "siehe oben",
        "++49",
    ],
)
def test_a_junk_phone_is_no_evidence(junk: str) -> None:
    assert phone_key(junk, "DE") == ""


def test_a_number_longer_than_e164_is_no_evidence() -> None:
    assert phone_key("030 1111111111111", "DE") == ""
    assert phone_key("+49 222222222222222", "DE") == ""


@given(texts, st.sampled_from(["DE", "AT", "CH", "US", "TR", "AQ", ""]))
@example("+49" + "2" * 15, "DE")
def test_any_text_gives_a_phone_key_that_fits_its_column(text: str, country: str) -> None:
    key = phone_key(text, country)
    assert len(key) <= 16
    assert key == "" or (key[0] == "+" and key[1:].isascii() and key[1:].isdigit())


@given(texts)
@example("ß" * 254)
def test_any_text_gives_keys_that_fit_their_columns(text: str) -> None:
    assert len(email_key(text)) <= 254
    assert len(name_key(text)) <= 200
    assert name_key(text) == name_key(f"  {text}\t")
    assert name_key(text) == name_key(text).strip()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜLLER  GmbH", "müller gmbh"),
        ("Müller", "Mu\N{COMBINING DIAERESIS}ller"),
        ("Straße", "STRASSE"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}G", "ag"),
        ("o\N{LATIN SMALL LIGATURE FFI}ce", "OFFICE"),
        ("A\N{NO-BREAK SPACE}B\r\nC", "a b c"),
        ("IŞIK", f"{DOTLESS}ş{DOTLESS}k"),
        (f"Iş{DOTLESS}k", f"{DOTLESS}ş{DOTLESS}k"),
        ("İSTANBUL", "istanbul"),
        ("I\N{COMBINING DOT ABOVE}zmir", "izmir"),
        ("DIYARBAKIR", f"D{DOTLESS}yarbak{DOTLESS}r"),
    ],
)
def test_names_are_equal_whatever_their_form(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Müller", "Muller"), ("Zażółć", "Zazolc"), ("A B", "AB")])
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_emails_are_equal_without_regard_to_case() -> None:
    assert email_key(" Info@RRM.Example ") == "info@rrm.example"


@given(st.text(st.characters(codec="ascii"), max_size=50))
def test_plain_letters_take_a_short_cut_to_the_same_key(text: str) -> None:
    assert text_key(f"x{text}")[1:] == text_key(f"ä{text}")[1:]
