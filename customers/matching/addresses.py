"""Addresses, taken apart: street and number, postcode by country, city."""

import re
from dataclasses import dataclass
from functools import lru_cache

from customers.matching.words import LONGEST, plain, words_of

_TYPES = (
    (re.compile(r"(?:strasse|straat|street|stra|str|st)$"), "str"),
    (re.compile(r"(?:platz|plaza|square|sq|pl)$"), "pl"),
    (re.compile(r"(?:avenu|aven|ave|av)$"), "av"),
    (re.compile(r"(?:boulevard|blvd|bd)$"), "bd"),
    (re.compile(r"(?:road|rd)$"), "rd"),
    (re.compile(r"(?:drive|dr)$"), "dr"),
    (re.compile(r"(?:crescent|cres|cr)$"), "cr"),
    (re.compile(r"(?:court|ct)$"), "ct"),
    (re.compile(r"(?:terrace|ter|tce)$"), "ter"),
    (re.compile(r"(?:lane|ln)$"), "ln"),
    (re.compile(r"(?:circuit|cct)$"), "cct"),
)
# The number stands last in most of Europe, first in English and French; a letter or a range may follow it.
_NUMBER = r"(\d{1,5})\s?([a-z])?(?:\s?[-/+\u2013]\s?(\d{1,5})\s?([a-z])?)?"
_LAST = re.compile(rf"^(.*?\D)\s*\b{_NUMBER}$")
_FIRST = re.compile(rf"^{_NUMBER}[\s,]+(\D.*)$")
_ALONE = re.compile(rf"^{_NUMBER}$")
_POSTCODE_NOISE = re.compile(r"[\W_]+")
_COUNTRY_MARK = re.compile(r"^(?:DE|D|AT|A|CH|FR|F|NL|B|L|I|E|PL|CZ)(?=\d+$)")
# Spreadsheets take the zero in front away.
_FIVE_DIGITS = frozenset({"DE", "ES", "FI", "FR", "IT", "US"})
_CITY_TAIL = re.compile(r"\s*(?:\(.*|/.*|,.*)$")


@dataclass(frozen=True, slots=True)
class House:
    """A house number: the first, the last of a range (else the same), and the letter."""

    first: int
    last: int
    letter: str = ""

    def holds(self, other: "House") -> bool:
        """Whether the other number lies within this range."""
        return self.first <= other.first <= self.last


@dataclass(frozen=True, slots=True)
class Address:
    """Each part in the form it is compared in, "" or None if it is not known.

    `street` has its type in one spelling, `street_sent` as it was written. `point` is in degrees.
    """

    street: str = ""
    street_sent: str = ""
    house: House | None = None
    postcode: str = ""
    city: tuple[str, ...] = ()
    country: str = ""
    point: tuple[float, float] | None = None

    def __bool__(self) -> bool:
        return bool(self.street or self.house or self.postcode or self.city or self.point)


@lru_cache(maxsize=32768)
def read_street(line: str) -> tuple[str, str, House | None]:
    """Return the street without spaces, its type in one spelling; as it was written; and the house number."""
    text = " ".join(plain(line[:LONGEST]).replace(".", " ").split())
    alone = _ALONE.match(text)
    if alone:
        return "", "", _house(alone.groups())
    for pattern, street, number in ((_LAST, 1, 2), (_FIRST, 5, 1)):
        found = pattern.match(text)
        if found:
            return *_street_keys(found[street]), _house(found.groups()[number - 1 : number + 3])
    return *_street_keys(text), None


def read_postcode(code: str, country: str = "") -> str:
    """Return the postcode without spaces, signs and a country in front of it, in capitals.

    Where the country's codes have five digits, a lost zero in front comes back (`1067` in Dresden), and in
    the United States what follows the first five is left out.
    """
    land, bare = country.upper(), _POSTCODE_NOISE.sub("", code[:LONGEST]).upper()
    bare = _COUNTRY_MARK.sub("", bare)[:16]
    if land and bare.removeprefix(land).isdecimal():
        bare = bare.removeprefix(land)
    if land in _FIVE_DIGITS and bare.isdecimal():
        bare = bare.zfill(5) if len(bare) == 4 else bare
    return bare[:5] if land == "US" else bare


@lru_cache(maxsize=8192)
def read_city(city: str) -> tuple[str, ...]:
    """Return the words of the city; what stands in brackets or behind a slash is left out."""
    bare = _CITY_TAIL.sub("", city[:LONGEST])
    words = words_of(bare or city)
    return tuple({"st": "sankt"}.get(word, word) for word in words)


def area_of(postcode: str) -> str:
    """Return the beginning of the postcode that neighbours share."""
    return postcode[:2]


def _street_keys(text: str) -> tuple[str, str]:
    joined = "".join(c for c in text if c.isalnum())
    for pattern, short in _TYPES:
        # A street that is called "Straße" alone keeps its name.
        shorter = pattern.sub(short, joined)
        if shorter != joined and len(shorter) > len(short):
            return shorter, joined
    return joined, joined


def _house(parts: tuple[str | None, ...]) -> House:
    first, letter, last, _ = parts
    begin = int(first or 0)
    end = int(last or 0)
    # "12/3" is a flat, not a range.
    return House(begin, end if begin < end <= begin + 40 else begin, letter or "")
