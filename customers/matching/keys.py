"""Keys under which records are found: short, and each robust against other slips of the pen.

Two records of one customer share at least one of them nearly always. A house is its postcode and number, a
road the postcode and the beginning of the street, a street its beginning, number and the beginning of the
city. A telling word of the name goes with the area of the postcode and with the city; the whole name goes
alone, and so does the domain of a business. A key is a number of 32 bits: that two texts have the same one by
chance costs a comparison, no more.
"""

from collections.abc import Iterator, Sequence
from zlib import crc32

from customers.matching.addresses import Address, area_of
from customers.matching.domains import business_domain
from customers.matching.names import Name
from customers.matching.rarity import shares
from customers.matching.towns import NO_TOWNS, Towns

# A site is stored under its two most telling words; what is sent is looked for under four of its own.
_STORED_WORDS, _WANTED_WORDS = 2, 4
# A town of many names is looked for under so many beginnings.
_MOST_TOWNS = 8


def site_keys(name: Name, address: Address) -> set[int]:
    """Return the keys that one site of a customer with this name is stored under."""
    cities = ("".join(address.city),)
    return {_key(text) for text in _site_texts(name, address, _STORED_WORDS, cities)}


def customer_keys(name: Name, email: str) -> set[int]:
    """Return the keys that a customer is stored under, whatever its sites; `email` is normalised."""
    return {_key(text) for text in _customer_texts(name, email)}


def wanted_keys(name: Name, address: Address, emails: frozenset[str], towns: Towns = NO_TOWNS) -> set[int]:
    """Return the keys under which to look for what was sent, by all the names that its city goes by."""
    cities = towns.names(address.city)
    texts = [*_site_texts(name, address, _WANTED_WORDS, cities), *_customer_texts(name, "")]
    texts += [text for email in emails for text in _domain_text(email)]
    return {_key(text) for text in texts}


def telling_words(name: Name) -> list[str]:
    """Return the words of a name, rarest first as the world goes; longer ones first among equals."""
    common = shares()["word"]
    return sorted(dict.fromkeys(name.words), key=lambda word: (common.get(word, 0.0), -len(word), word))


def _site_texts(name: Name, address: Address, words: int, cities: Sequence[str]) -> Iterator[str]:
    if address.street and address.postcode:
        # Digits in order of size: two of them are swapped easily.
        yield f"r/{''.join(sorted(address.postcode))}/{address.street[:4]}"
    if address.house is not None:
        if address.postcode:
            yield f"h/{address.postcode}/{address.house.first}"
        if address.street:
            for begin in _beginnings(cities, 2):
                yield f"s/{address.street[:5]}/{address.house.first}/{begin}"
    for word in telling_words(name)[:words]:
        if address.postcode:
            yield f"a/{word[:3]}/{area_of(address.postcode)}"
        for begin in filter(None, _beginnings(cities, 3)):
            yield f"c/{word[:4]}/{begin}"


def _beginnings(cities: Sequence[str], letters: int) -> list[str]:
    return list(dict.fromkeys(city[:letters] for city in cities))[:_MOST_TOWNS]


def _customer_texts(name: Name, email: str) -> Iterator[str]:
    if name.words:
        yield f"n/{' '.join(sorted(name.words))}"
    yield from _domain_text(email)


def _domain_text(email: str) -> Iterator[str]:
    domain = business_domain(email) if email else ""
    if domain:
        yield f"d/{domain}"


def _key(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) - 2**31


def domain_key(domain: str) -> int:
    """Return the key of a business domain."""
    return _key(f"d/{domain}")
