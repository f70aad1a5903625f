"""Scores: symmetric, bounded, never raised by contradictions, and clear about who is meant."""

import time
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.matching.addresses import Address
from customers.matching.comparing import DIFFERS
from customers.matching.keys import customer_keys, site_keys, wanted_keys
from customers.matching.likeness import likeness
from customers.matching.names import read_name
from customers.matching.parties import read_address
from customers.matching.rarity import Rarity
from customers.matching.scoring import Party, Score, Scorer, as_score, clearance
from customers.matching.weights import read_weights, shipped_weights, weights_json

SCORER = Scorer(Rarity(customers=100_000, sites=180_000))
UPPER, LOWER = 0.65, 0.37

words = st.text(alphabet="abelmnrstuüß éØ&.-1290 ", max_size=24)
names = st.one_of(
    words, st.sampled_from(["Müller GmbH", "Müller Bau KG", "Anna Weber", "Filiale 12", "GmbH", "🙂"])
)
points = st.one_of(st.none(), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))


@st.composite
def parties(draw: st.DrawFn) -> Party:
    address = read_address(
        street=draw(words),
        postcode=draw(st.text(alphabet="0123456789", max_size=5)),
        city=draw(words),
        country=draw(st.sampled_from(["", "DE", "FR"])),
        point=draw(points) or (None, None),
    )
    reach = st.frozensets(st.sampled_from(["+49201123456", "+492011234567", "+4940999"]), max_size=2)
    mails = st.frozensets(st.sampled_from(["a@rrm.example", "b@rrm.example", "a@gmx.de"]), max_size=2)
    return Party((read_name(draw(names)),), address, draw(reach), draw(mails), (read_name(draw(names)),))


@given(parties(), parties())
def test_scores_are_numbers_between_nothing_and_one(one: Party, other: Party) -> None:
    score = SCORER.score(one, other)
    assert isfinite(score.bits)
    assert 0 <= score.value <= 1
    assert score.value == as_score(score.bits)


@given(parties(), parties())
def test_addresses_phones_and_mailboxes_compare_the_same_both_ways(one: Party, other: Party) -> None:
    there = {
        e.field: e.weight for e in SCORER.score(one, other).evidence if e.field not in {"name", "contact"}
    }
    back = {
        e.field: e.weight for e in SCORER.score(other, one).evidence if e.field not in {"name", "contact"}
    }
    assert there == pytest.approx(back)


@given(words, words)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(parties())
def test_nobody_is_less_like_themselves_than_like_a_stranger(party: Party) -> None:
    stranger = _party("Zyxwv Qqqq KG", "Nirgendwo 9", "99999", "Atlantis")
    assert SCORER.score(party, party).bits >= SCORER.score(party, stranger).bits


@given(parties())
def test_a_record_is_found_under_the_keys_that_it_is_stored_under(party: Party) -> None:
    [name] = party.names
    stored = site_keys(name, party.address) | customer_keys(name, "")
    assert bool(stored) <= bool(stored & wanted_keys(name, party.address, frozenset()))


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_clearance_is_nothing_between_equals_and_half_at_most(one: float, other: float) -> None:
    assert clearance(one, one) == 0
    assert -0.5 <= clearance(one, other) <= 0.5


@pytest.mark.parametrize("name", ["x" * 10_000, "ab " * 3_400, "🙂" * 10_000, "a1 " * 3_000])
def test_names_of_ten_thousand_characters_are_compared_at_once(name: str) -> None:
    party = _party(name, name, name, name)
    began = time.perf_counter()
    for _ in range(20):
        SCORER.score(party, party)
    assert time.perf_counter() - began < 1


def test_an_unusual_name_tells_more_than_a_common_one() -> None:
    where = ("Ostring 9", "44787", "Bochum")
    unusual = SCORER.score(_party("Holkolbach"), _party("Holkolbach", *where)).bits
    common = SCORER.score(_party("Müller"), _party("Müller", *where)).bits
    assert unusual > common + 3


def test_two_firms_of_one_family_in_one_house_are_not_linked() -> None:
    house = ("Hauptstr. 12", "45130", "Essen")
    score = SCORER.score(_party("Holkolbach Bau GmbH", *house), _party("Holkolbach Elektro GmbH", *house))
    assert not score.linkable or score.value < UPPER
    assert _agreement(score, "name") == DIFFERS


def test_a_firm_of_another_legal_form_is_asked_about() -> None:
    house = ("Hauptstr. 12", "45130", "Essen")
    score = SCORER.score(_party("Holkolbach GmbH", *house), _party("Holkolbach GmbH & Co. KG", *house))
    assert (score.value >= LOWER, score.linkable) == (True, False)


def test_another_firm_in_a_shared_building_is_nobody_known() -> None:
    house = ("Hauptstr. 12", "45130", "Essen")
    assert (
        SCORER.score(_party("Nordlicht Kälte KG", *house), _party("Rhein Medical GmbH", *house)).value < LOWER
    )


def test_a_mailbox_that_many_share_says_little() -> None:
    mail = frozenset({"info@brand.example"})
    one, other = Party((read_name("Brand 12"),), emails=mail), Party((read_name("Brand 13"),), emails=mail)
    alone = SCORER.score(one, other).bits
    assert SCORER.score(one, other, {"info@brand.example": 99}).bits < alone - 8


def test_what_is_missing_is_no_evidence() -> None:
    assert SCORER.score(Party(), Party()).evidence == ()
    assert not SCORER.score(Party(), Party()).linkable


def test_shipped_weights_are_read_as_they_are_written() -> None:
    assert read_weights(weights_json()) == shipped_weights()


def _party(name: str, street: str = "", postcode: str = "", city: str = "") -> Party:
    address = read_address(street=street, postcode=postcode, city=city) if street else Address()
    return Party((read_name(name),), address)


def _agreement(score: Score, field: str) -> str:
    return next((one.agreement for one in score.evidence if one.field == field), "")


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("Gebrüder Maschinenbau GmbH", "Gebrüder Schmidt Maschinenbau GmbH"),
        ("Apotheke", "Apotheke Holkolbach e.K."),
        ("Holk GmbH", "Holkolbach GmbH"),
    ],
)
def test_trades_and_beginnings_alone_never_say_who_a_business_is(sent: str, known: str) -> None:
    house = ("Hauptstr. 12", "45130", "Essen")
    assert not SCORER.score(_party(sent, *house), _party(known, *house)).linkable
