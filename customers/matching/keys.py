"""Keys under which records are found: few, short, and each robust against other slips of the pen.

A house is its postcode and number; a street its beginning, number and the beginning of the city; a name the
beginning of a telling word and the area of the postcode. A key is a number of 32 bits; that two texts have the
same one by chance costs a comparison, no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from customers.matching.addresses import Address, area_of
from customers.matching.names import Name
from customers.matching.rarity import shares

_BEGINNING, _STREET_BEGINNING = 4, 5
# A site is stored under its two most telling words; what is sent is looked for under four of its own.
_STORED_WORDS, _WANTED_WORDS = 2, 4


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """Keys of one site, None where what it needs is not known."""

    house: int | None
    street: int | None
    names: tuple[int | None, int | None]


def site_keys(name: Name, address: Address) -> SiteKeys:
    """Return the keys that a site of a customer with this name is stored under."""
    found = [*_name_keys(name, address, _STORED_WORDS), None, None]
    return SiteKeys(house_key(address), street_key(address), (found[0], found[1]))


def wanted_name_keys(name: Name, address: Address) -> list[int]:
    """Return the keys to look for sites under."""
    return list(dict.fromkeys(_name_keys(name, address, _WANTED_WORDS)))


def house_key(address: Address) -> int | None:
    """Return the key of postcode and house number."""
    if not address.postcode or address.house is None:
        return None
    return _key(f"{address.postcode}/{address.house.first}")


def street_key(address: Address) -> int | None:
    """Return the key of a street's beginning, the house number and the city's beginning."""
    if not address.street or address.house is None:
        return None
    city = address.city[0][:2] if address.city else ""
    return _key(f"{address.street[:_STREET_BEGINNING]}/{address.house.first}/{city}")


def core_key(name: Name) -> int | None:
    """Return the key of the whole name without legal form, words in any order."""
    return _key(" ".join(sorted(name.words))) if name.words else None


def domain_key(domain: str) -> int | None:
    """Return the key of a business domain."""
    return _key(domain) if domain else None


def telling_words(name: Name) -> list[str]:
    """Return the words of a name, rarest first as the world goes; longer ones first among equals."""
    common = shares()["word"]
    return sorted(dict.fromkeys(name.words), key=lambda word: (common.get(word, 0.0), -len(word), word))


def _name_keys(name: Name, address: Address, most: int) -> Iterator[int]:
    area = area_of(address.postcode)
    if not area:
        return
    for word in telling_words(name)[:most]:
        yield _key(f"{word[:_BEGINNING]}/{area}")


def _key(text: str) -> int:
    return crc32(text.encode()) - 2**31
