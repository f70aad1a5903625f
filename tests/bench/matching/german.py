"""A German business set from a seed: 100,000 customers with 180,000 sites, and what arrives about them.

Seed and noise are frozen: weights were tuned on other seeds than the one that is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.bench.matching import german_words as words
from tests.bench.matching.german_noise import noisy
from tests.bench.matching.records import Arrival, Known, Place

REPORTED_SEED = 20261124
CUSTOMERS, ARRIVALS, STRANGERS = 100_000, 5_000, 1_000
# Of a hundred thousand customers: branches of brands that are customers of their own, and chains of one.
_FRANCHISED, _CHAINS = 8_000, 290
_MOST_BRANCHES = 250
_TRANSLITERATED = str.maketrans(dict(zip("äöüß", ("ae", "oe", "ue", "ss"), strict=True)))


@dataclass(frozen=True, slots=True)
class GermanSet:
    """Who is known, and who arrives."""

    known: tuple[Known, ...]
    arrivals: tuple[Arrival, ...]


def german_set(seed: int, *, customers: int = CUSTOMERS, arrivals: int = ARRIVALS) -> GermanSet:
    """Return the set of a seed; smaller ones keep the proportions."""
    maker = _Maker(Random(seed), scale=customers / CUSTOMERS)
    known = tuple(maker.customers(customers))
    strangers = arrivals * STRANGERS // ARRIVALS
    heard = [maker.arrival(known) for _ in range(arrivals - strangers)]
    heard += [maker.stranger(known) for _ in range(strangers)]
    maker.random.shuffle(heard)
    return GermanSet(known, tuple(heard))


class _Maker:
    def __init__(self, random: Random, *, scale: float) -> None:
        self.random = random
        self._scale = scale
        self._towns = [*words.CITIES, *self._small_towns()]
        self._weights = [town[3] for town in self._towns]
        self._streets: dict[str, list[str]] = {}
        self._places: list[Place] = []
        self._domains: set[str] = set()

    def customers(self, count: int) -> Iterator[Known]:
        franchised, chains = int(_FRANCHISED * self._scale), max(1, int(_CHAINS * self._scale))
        for number in range(count):
            if number < franchised:
                yield self._branch_of_brand()
            elif number < franchised + chains:
                yield self._company(self.random.randint(40, _MOST_BRANCHES))
            else:
                yield self._company(self.random.choices((1, 2, 3, 4), (72, 17, 7, 4))[0])

    def arrival(self, known: tuple[Known, ...]) -> Arrival:
        """One of the known, as another system spells it."""
        truth = self.random.randrange(len(known))
        customer = known[truth]
        site = self.random.randrange(len(customer.places))
        moved = self.random.random() < 0.03
        place = self._place() if moved else customer.places[site]
        return noisy(self.random, customer, place, truth=truth, site=None if moved else site)

    def stranger(self, known: tuple[Known, ...]) -> Arrival:
        """Nobody who is known, though often hard to tell from somebody who is."""
        other = self.random.choice(known)
        place = self.random.choice(other.places)
        kind = self.random.choices(
            ("fresh", "same building", "same surname", "new branch", "namesake"), (40, 20, 20, 10, 10)
        )[0]
        match kind:
            case "same building":
                customer = self._company(1, place)
            case "same surname":
                customer = self._relative_of(other, place)
            case "new branch":
                customer, place = self._branch_of_brand(), self._place()
            case "namesake":
                customer, place = self._person(), self._place()
            case _:
                customer, place = self._company(1), self._place()
        return noisy(self.random, customer, place, truth=None, site=None, kind=kind)

    def _company(self, sites: int, place: Place | None = None) -> Known:
        if sites == 1 and self.random.random() < 0.06:
            return self._person(place)
        name = f"{self._name()} {self._legal()}".strip()
        places = (place,) if place else tuple(self._place() for _ in range(sites))
        return self._known(name, places)

    def _relative_of(self, other: Known, place: Place) -> Known:
        """The same first word and another trade; it arrives with the other one's address."""
        first = other.name.split()[0]
        trade = self.random.choice([trade for trade in words.TRADES if trade not in other.name])
        street, number = self._street(place.postal_code), self._number()
        at = Place(street, number, place.postal_code, place.city, place.area)
        return self._known(f"{first} {trade} {self._legal()}".strip(), (at,))

    def _branch_of_brand(self) -> Known:
        brand, place = self.random.choice(words.BRANDS), self._place()
        kind = self.random.random()
        if kind < 0.4:
            name = f"{brand} {place.city}"
        elif kind < 0.7:
            name = f"{brand} {self._surname()} {self._legal()}".strip()
        else:
            name = f"{brand} Filiale {self.random.randint(1, 900)}"
        return self._known(name, (place,), domain=f"{brand.lower()}.de")

    def _person(self, place: Place | None = None) -> Known:
        name = f"{self.random.choice(words.FIRST_NAMES)} {self._surname()}"
        return self._known(name, (place or self._place(),), private=True)

    def _known(
        self, name: str, places: tuple[Place, ...], *, domain: str = "", private: bool = False
    ) -> Known:
        phone = f"{places[0].area}{self.random.randint(20_000, 99_999_999)}"
        own = domain or self._own_domain(name)
        free = private or self.random.random() < 0.15
        if free:
            own = self.random.choice(words.FREE_MAIL)
        mailbox = (
            _domain(name).removesuffix(".de") if free else self.random.choice(("info", "office", "kontakt"))
        )
        email = f"{mailbox}{self.random.randint(1, 99) if free else ''}@{own}"
        chance = self.random.random()
        return Known(name, places, phone if chance < 0.85 else "", email if chance > 0.2 else "")

    def _own_domain(self, name: str) -> str:
        domain = _domain(name)
        while domain in self._domains:
            domain = f"{self.random.randint(2, 99)}{domain}"
        self._domains.add(domain)
        return domain

    def _name(self) -> str:
        pick, some = self.random.choice, self.random.random()
        if some < 0.34:
            return f"{self._surname()} {pick(words.TRADES)}"
        if some < 0.46:
            return f"{self._surname()} & {self._surname()} {pick(words.TRADES) if some < 0.4 else ''}".strip()
        if some < 0.64:
            return f"{pick(words.FRONTS)} {self._surname()}"
        return self._fancy_name(some)

    def _fancy_name(self, some: float) -> str:
        pick = self.random.choice
        if some < 0.70:
            return f"Gebrüder {self._surname()} {pick(words.TRADES)}"
        if some < 0.88:
            front = pick(words.FANTASY) + pick(words.FANTASY + words.SYLLABLES).lower()
            return f"{front} {pick(words.TRADES)}" + (f" {pick(words.TRADES)}" if some > 0.8 else "")
        if some < 0.95:
            return f"{pick(words.FANTASY)}-{pick(words.FANTASY)} {pick(words.TRADES)}"
        return f"{pick(words.TRADES)} {self._town()[0].split(maxsplit=1)[0].removesuffix('en')}er Land"

    def _surname(self) -> str:
        if self.random.random() < 0.45:
            weights = [1 / (rank + 2) for rank in range(len(words.SURNAMES))]
            return self.random.choices(words.SURNAMES, weights)[0]
        return self.random.choice(words.SYLLABLES) + "".join(
            (self.random.choice(words.SYLLABLES).lower() if self.random.random() < 0.3 else "",
             self.random.choice(words.ENDINGS))
        )  # fmt: skip

    def _legal(self) -> str:
        forms, weights = zip(*words.LEGAL, strict=True)
        return str(self.random.choices(forms, weights)[0])

    def _place(self) -> Place:
        """A place of its own, or one in a building that somebody has already."""
        if self._places and self.random.random() < 0.1:
            return self.random.choice(self._places)
        city, begin, area, size = self._town()
        digits = 5 - len(begin)
        most = max(1, size // 12)
        code = f"{begin}{self.random.randint(0, most) * 7 % 10**digits:0{digits}d}"
        place = Place(self._street(code), self._number(), code, city, area)
        self._places.append(place)
        return place

    def _town(self) -> tuple[str, str, str, int]:
        return self.random.choices(self._towns, self._weights)[0]

    def _street(self, code: str) -> str:
        """Each postcode has some sixty streets."""
        if code not in self._streets:
            common = self.random.sample(words.STREETS, 22)
            own = [self._surname() + self.random.choice(words.STREET_ENDS) for _ in range(38)]
            self._streets[code] = [street.replace("_", " ") for street in (*common, *own)]
        return self.random.choice(self._streets[code])

    def _number(self) -> str:
        number = int(self.random.triangular(1, 160, 4))
        some = self.random.random()
        if some < 0.05:
            return f"{number}{self.random.choice('abcd')}"
        return f"{number}-{number + 2}" if some < 0.08 else str(number)

    def _small_towns(self) -> Iterator[tuple[str, str, str, int]]:
        for _ in range(900):
            name = self.random.choice(words.TOWN_FRONTS).replace("_", " ") + self.random.choice(
                words.TOWN_ENDS
            )
            begin = f"{self.random.randint(1, 99):02d}{self.random.randint(0, 99):02d}"
            yield name, begin, f"0{self.random.randint(2000, 9999)}", self.random.randint(4, 60)


def _domain(name: str) -> str:
    plain = name.lower().translate(_TRANSLITERATED)
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain.split("(")[0])
    return "-".join(part for part in letters.split("-") if len(part) > 1)[:40] + ".de"
