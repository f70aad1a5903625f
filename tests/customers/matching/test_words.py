"""Normalised forms are stable, whatever people type, and come in bounded time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.matching.addresses import House, read_city, read_postcode, read_street
from customers.matching.domains import business_domain
from customers.matching.names import read_name
from customers.matching.words import plain, words_of

texts = st.text(max_size=60)
mixed = st.text(alphabet="abeouäöüßßÉé'& .-/GmbHKo123İ\u0131ŁøΩשمر🙂 ", max_size=40)


@given(st.one_of(texts, mixed))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.one_of(texts, mixed))
def test_case_does_not_count(text: str) -> None:
    assert plain(text.casefold()) == plain(text)


@given(st.one_of(texts, mixed))
def test_the_words_of_a_name_are_a_name_with_the_same_words(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert len(words) <= 12


@given(st.one_of(texts, mixed))
def test_every_name_that_has_words_has_words_that_tell(text: str) -> None:
    assert bool(read_name(text).words) == bool(words_of(text))


@given(st.one_of(texts, mixed))
def test_every_address_can_be_read(text: str) -> None:
    street, sent, house = read_street(text)
    assert isinstance(street, str)
    assert isinstance(sent, str)
    assert house is None or 0 <= house.first <= house.last
    assert read_postcode(read_postcode(text)) == read_postcode(text)
    assert isinstance(read_city(text), tuple)
    assert isinstance(business_domain(text), str)


@pytest.mark.parametrize("name", ["x" * 10_000, "ab " * 3_400, "🙂" * 10_000, "ﷺ" * 10_000, "1-" * 5_000])
def test_names_of_ten_thousand_characters_are_read_at_once(name: str) -> None:
    began = time.perf_counter()
    read_name(name)
    read_street(name)
    read_city(name)
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller GmbH", "MUELLER G.m.b.H."),
        ("Müller GmbH", "Muller"),
        ("Rhein-Ruhr Medical Supply GmbH", "rhein ruhr medical supply gesellschaft mit beschränkter Haftung"),
        ("Gebr. Schäfer GmbH & Co. KG", "Gebrüder Schaefer GmbH und Co KG"),
        ("A.B.C. Logistics Ltd.", "ABC Logistics Limited"),
        ("H & M", "HM"),
        ("Firma Dr. Jäger e.K.", "Jäger eK"),
        ("Café Élysée SARL", "CAFE ELYSEE S.A.R.L."),
        ("Żółta Łódź Sp. z o.o.", "Zolta Lodz sp z o o"),
        ("O'Neill Inc", "ONeill Incorporated"),
        ("Turnverein 1860 e.V.", "Turnverein 1860 eingetragener Verein"),
    ],
)
def test_names_that_are_spelled_differently_have_the_same_words(one: str, other: str) -> None:
    assert read_name(one).words == read_name(other).words


def test_a_form_at_the_end_is_law_and_elsewhere_a_word() -> None:
    assert read_name("Ab Systems SE") == read_name("ab systems se")
    assert read_name("Ab Systems SE").words == ("ab", "systems")
    assert read_name("Ab Systems SE").forms == {"se"}
    assert read_name("AG").words == ("ag",)


@pytest.mark.parametrize(
    ("line", "street", "house"),
    [
        ("Hauptstraße 12", "hauptstr", House(12, 12)),
        ("Hauptstr. 12", "hauptstr", House(12, 12)),
        ("HAUPTSTRASSE 12 a", "hauptstr", House(12, 12, "a")),
        ("Haupt Straße 12-16", "hauptstr", House(12, 16)),
        ("8 stanley street", "stanleystr", House(8, 8)),
        ("Straße des 17. Juni 135", "strassedes17juni", House(135, 135)),
        ("Am Markt", "ammarkt", None),
        ("12/3", "", House(12, 12)),
        ("", "", None),
        ("42", "", House(42, 42)),
    ],
)
def test_streets_and_numbers_are_taken_apart(line: str, street: str, house: House | None) -> None:
    found, _, number = read_street(line)
    assert (found, number) == (street, house)


@pytest.mark.parametrize(
    ("sent", "code"),
    [("D-45130", "45130"), ("45130 ", "45130"), ("sw1a 1aa", "SW1A1AA"), ("1234 AB", "1234AB"), ("", "")],
)
def test_postcodes_lose_what_is_not_theirs(sent: str, code: str) -> None:
    assert read_postcode(sent) == code


@pytest.mark.parametrize(
    ("sent", "country", "code"),
    [
        ("1067", "DE", "01067"),
        ("D-1067", "de", "01067"),
        ("1067", "AT", "1067"),
        ("1067", "", "1067"),
        ("067", "DE", "067"),
        ("02139-4301", "US", "02139"),
        ("DK-2100", "DK", "2100"),
        ("SE-114 55", "SE", "11455"),
        ("DK-2100", "SE", "DK2100"),
    ],
)
def test_postcodes_are_read_by_their_country(sent: str, country: str, code: str) -> None:
    assert read_postcode(sent, country) == code


def test_british_postcodes_keep_their_towns_apart() -> None:
    codes = ["B1 1AA", "L1 1AA", "E1 1AA", "NL1 1AA"]
    assert [read_postcode(code, "GB") for code in codes] == ["B11AA", "L11AA", "E11AA", "NL11AA"]


def test_cities_are_read_without_what_stands_beside_them() -> None:
    assert read_city("Halle (Saale)") == read_city("HALLE")
    assert read_city("St. Ingbert") == read_city("Sankt Ingbert")


def test_free_mail_is_no_business() -> None:
    assert business_domain("info@rrm.example") == "rrm.example"
    assert business_domain("rhein.ruhr@gmx.de") == ""
    assert business_domain("nobody") == ""
