"""Towns of many names: what is meant, under which names it is looked for, and what circles do."""

import pytest

from customers.matching.addresses import read_city
from customers.matching.keys import site_keys, wanted_keys
from customers.matching.names import read_name
from customers.matching.parties import read_address
from customers.matching.towns import NO_TOWNS, Towns, town_key

COLOGNE = Towns([("Cologne", "Köln"), ("Köln-Deutz", "Koeln"), ("Colonia", "COLOGNE")])


def meant(towns: Towns, city: str) -> str:
    return " ".join(towns.meant(read_city(city)))


@pytest.mark.parametrize("sent", ["Cologne", "köln", "KOELN", "Köln Deutz", "Köln - Deutz", "colonia"])
def test_every_spelling_of_every_name_means_the_city(sent: str) -> None:
    assert meant(COLOGNE, sent) == "koln"


@pytest.mark.parametrize("sent", ["Cologno", "Deutz", "Bonn", "", "🙂"])
def test_other_towns_stay_what_they_are(sent: str) -> None:
    assert meant(COLOGNE, sent) == meant(NO_TOWNS, sent)


def test_names_that_stand_for_each_other_mean_one_town() -> None:
    circle = Towns([("A-Stadt", "B-Stadt"), ("B-Stadt", "A-Stadt"), ("C-Stadt", "A-Stadt")])

    assert {meant(circle, city) for city in ("A-Stadt", "B-Stadt", "C-Stadt")} == {"a stadt"}
    assert circle.names(("a", "stadt")) == ("astadt", "bstadt", "cstadt")


def test_a_name_that_stands_for_itself_does_no_harm() -> None:
    assert meant(Towns([("Essen", "Essen")]), "Essen") == "essen"


def test_names_are_compared_without_spaces_and_marks() -> None:
    assert town_key(" Köln-Deutz (rechtsrheinisch)") == "kolndeutz"
    assert town_key("…") == ""


@pytest.mark.parametrize(("stored", "sent"), [("Köln", "Cologne"), ("Cologne", "Köln"), ("Colonia", "Köln")])
def test_a_site_shares_keys_by_its_city_whichever_name_either_side_uses(stored: str, sent: str) -> None:
    # Nothing else can find it: no postcode, and another number and name but for one word.
    known = site_keys(read_name("Holkolbach Nord"), read_address(street="", postcode="", city=stored))
    address = read_address(street="", postcode="", city=sent, towns=COLOGNE)

    name = read_name("Holkolbach Werkstatt")

    assert known & wanted_keys(name, address, frozenset(), COLOGNE)
    assert bool(known & wanted_keys(name, address, frozenset())) == (stored == "Köln")


def test_a_town_of_very_many_names_is_looked_for_under_a_bounded_number_of_keys() -> None:
    many = Towns([(f"{letter}{other}berg", "Köln") for letter in "abcdefgh" for other in "abcdefgh"])
    name, place = read_name("Holkolbach"), read_address(street="Ring 1", postcode="", city="Köln", towns=many)

    assert len(wanted_keys(name, place, frozenset(), many)) < 20
    assert site_keys(name, place) <= wanted_keys(name, place, frozenset(), many)
