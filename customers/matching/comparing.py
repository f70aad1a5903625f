"""Comparing what was sent with what is known, field by field; each field says how and how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log2

from customers.matching.addresses import Address
from customers.matching.distance import kilometres
from customers.matching.domains import business_domain
from customers.matching.likeness import CLOSE, DIFFERENT, EXACT, NEAR, likeness, one_slip
from customers.matching.names import Name
from customers.matching.pairing import is_business, paired, says_who
from customers.matching.rarity import Rarity
from customers.matching.weights import Weights

AGREES, SIMILAR, DIFFERS = "agrees", "similar", "differs"
_WORDS = {EXACT: AGREES, CLOSE: SIMILAR, NEAR: SIMILAR, DIFFERENT: DIFFERS}
_ORDER = (EXACT, CLOSE, NEAR, DIFFERENT)
# Where words contradict each other, names are alike only if the rest says that much more.
_OUTWEIGHS = 2.5
_FAR, _NEARBY = 50.0, 0.15


# How many customers have a phone, mailbox or domain; who is not in it has it alone.
Holders = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field: how it agrees (`agrees`, `similar`, `differs`), and its weight in bits."""

    field: str
    agreement: str
    weight: float


class Comparer:
    """Compares with the weights and the rarity of one tenant."""

    def __init__(self, weights: Weights, rarity: Rarity) -> None:
        self._weights = weights
        self._rarity = rarity

    def name(self, sent: Name, known: Name) -> Evidence | None:
        """Compare names word by word: what agrees counts by its rarity, what contradicts speaks against."""
        if not sent.words or not known.words:
            return None
        weigh, bits = self._weights["word"], self._rarity.bits
        pairs, left, right = paired(sent, known)
        if not pairs:
            return Evidence("name", DIFFERS, weigh[DIFFERENT].plus)
        agreed = sum(weigh[how].weight(min(bits("word", a), bits("word", b))) for a, b, how in pairs)
        agreed = min(agreed, weigh[EXACT].most)
        against = abs(len(left) - len(right)) * weigh["absent"].plus
        contrary = min(len(left), len(right))
        business = bool(sent.forms or known.forms) or is_business(left) or is_business(right)
        against += contrary * weigh["contrary_trade" if business else "contrary"].plus
        weight = agreed + against
        whole = not left and not right and all(how == EXACT for _, _, how in pairs)
        # A person may have married; two firms of one family are two firms.
        alike = not contrary or (weight > 0 and not business) or agreed >= _OUTWEIGHS * -against
        if business and not says_who(pairs, [*left, *right]):
            alike = False
        return Evidence("name", AGREES if whole else SIMILAR if alike and weight > 0 else DIFFERS, weight)

    def form(self, sent: Name, known: Name) -> Evidence | None:
        """Compare legal forms: `GmbH` and `GmbH & Co. KG` of one name are two companies."""
        if not sent.forms or not known.forms:
            return None
        return self._evidence("form", EXACT if sent.forms == known.forms else DIFFERENT)

    def place(self, sent: Address, known: Address) -> Iterator[Evidence]:
        """Compare addresses: area (postcode and city lean on each other), street, number, distance."""
        postcode = self._postcode(sent, known)
        if postcode is not None:
            yield postcode
        same_code = postcode is not None and postcode.agreement == AGREES
        city = self._city(sent, known, same_code=same_code)
        if city is not None:
            yield city
        street = self._street(sent, known, same_code=same_code)
        if street is not None:
            yield street
        number = self._number(sent, known, street)
        if number is not None:
            yield number
        house = self._house([postcode, city, street, number])
        if house is not None:
            yield house
        distance = self._distance(sent, known)
        if distance is not None:
            yield distance

    def phone(self, sent: frozenset[str], known: frozenset[str], holders: Holders) -> Evidence | None:
        """Compare phones in E.164; numbers of one switchboard are similar."""
        if not sent or not known:
            return None
        if sent & known:
            return self._shared("phone", EXACT, sent & known, holders)
        near = any(_one_switchboard(a, b) for a in sent for b in known)
        return self._evidence("phone", NEAR if near else DIFFERENT)

    def email(self, sent: frozenset[str], known: frozenset[str], holders: Holders) -> Evidence | None:
        """Compare mailboxes; those of one business domain are similar."""
        if not sent or not known:
            return None
        if sent & known:
            return self._shared("email", EXACT, sent & known, holders)
        domains = frozenset(business_domain(email) for email in sent) - {""}
        others = frozenset(business_domain(email) for email in known) - {""}
        if not domains or not others:
            return None
        if domains & others:
            return self._shared("email", NEAR, domains & others, holders)
        return self._evidence("email", DIFFERENT)

    def person(self, sent: Name, known: tuple[Name, ...]) -> Evidence | None:
        """Compare a contact's name with the people known there; that nobody is called so says nothing."""
        if not sent.words or not any(name.words for name in known):
            return None
        found = [self.name(sent, name) for name in known]
        best = max((one for one in found if one is not None), key=lambda one: one.weight, default=None)
        if best is None or best.agreement == DIFFERS:
            return None
        level = self._weights["person"][EXACT if best.agreement == AGREES else NEAR]
        return Evidence("contact", best.agreement, level.weight(best.weight))

    def _shared(self, name: str, how: str, values: frozenset[str], holders: Holders) -> Evidence:
        """What many customers have says little of one."""
        many = min(max(1, holders.get(value, 1)) for value in values)
        weight = max(0.0, self._weights[name][how].plus - 2 * log2(many))
        return Evidence(name, _WORDS[how] if many == 1 else SIMILAR, weight)

    def _evidence(self, name: str, how: str, bits: float = 0.0) -> Evidence:
        return Evidence(name, _WORDS[how], self._weights[name][how].weight(bits))

    def _postcode(self, sent: Address, known: Address) -> Evidence | None:
        one, other = sent.postcode, known.postcode
        if not one or not other:
            return None
        if sent.country and known.country and sent.country != known.country:
            return self._evidence("postcode", DIFFERENT)
        if one == other:
            return self._evidence("postcode", EXACT, self._rarity.bits("postcode", one))
        if one_slip(one, other):
            return self._evidence("postcode", CLOSE)
        return self._evidence("postcode", NEAR if one[:3] == other[:3] else DIFFERENT)

    def _city(self, sent: Address, known: Address, *, same_code: bool) -> Evidence | None:
        if not sent.city or not known.city:
            return None
        how = _like_cities(sent.city, known.city)
        if same_code:
            return Evidence("city", _WORDS[how], self._weights["city_in_postcode"][how].plus)
        bits = min(self._rarity.bits("city", "".join(city)) for city in (sent.city, known.city))
        return self._evidence("city", how, bits)

    def _street(self, sent: Address, known: Address, *, same_code: bool) -> Evidence | None:
        if not sent.street or not known.street:
            return None
        how = _like_streets(sent, known)
        bits = min(self._rarity.bits("street", street) for street in (sent.street, known.street))
        levels = self._weights["street_in_postcode" if same_code else "street"]
        return Evidence("street", _WORDS[how], levels[how].weight(bits))

    def _number(self, sent: Address, known: Address, street: Evidence | None) -> Evidence | None:
        one, other = sent.house, known.house
        if one is None or other is None:
            return None
        within = one.holds(other) or other.holds(one)
        how = EXACT if one == other else NEAR if within else DIFFERENT
        if street is not None and street.agreement == DIFFERS:
            # Another street has a number like this too.
            return Evidence("number", _WORDS[how], self._weights["number_elsewhere"][how].plus)
        return self._evidence("number", how)

    def _house(self, parts: list[Evidence | None]) -> Evidence | None:
        """What a whole address tells is how few live in one house; this is the difference to its parts."""
        postcode, city, street, number = parts
        if street is None or number is None or number.agreement != AGREES or street.agreement == DIFFERS:
            return None
        if all(one is None or one.agreement == DIFFERS for one in (postcode, city)):
            return None
        parted = sum(one.weight for one in parts if one is not None)
        slips = sum(min(0.0, one.weight) for one in (postcode, city) if one is not None)
        slips -= 2.0 if street.agreement == SIMILAR else 0.0
        more = self._rarity.house_bits + slips - parted
        return Evidence("house", AGREES, more)

    def _distance(self, sent: Address, known: Address) -> Evidence | None:
        if sent.point is None or known.point is None:
            return None
        away = kilometres(sent.point, known.point)
        if away > _FAR:
            return self._evidence("distance", DIFFERENT)
        return self._evidence("distance", EXACT if away <= _NEARBY else NEAR)


def _like_cities(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    how = likeness("".join(one), "".join(other))
    if how in {EXACT, CLOSE}:
        return how
    # "Frankfurt" and "Frankfurt am Main", "Essen-Kettwig" and "Essen".
    return CLOSE if one[0] == other[0] and min(len(one), len(other)) == 1 else how


def _like_streets(one: Address, other: Address) -> str:
    """A slip in the type of the street hides it, so streets are compared as they were written too."""
    how = min(
        (likeness(one.street, other.street), likeness(one.street_sent, other.street_sent)), key=_ORDER.index
    )
    short, long = sorted((one.street_sent, other.street_sent), key=len)
    return how if how != DIFFERENT or len(short) < 5 or not long.startswith(short) else NEAR


def _one_switchboard(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    return short >= 10 and one[: short - 2] == other[: short - 2]
