"""How sure it is that two descriptions mean one customer: the evidence of all fields, as one score."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from customers.matching.addresses import Address
from customers.matching.comparing import AGREES, DIFFERS, Comparer, Evidence, Holders
from customers.matching.names import Name
from customers.matching.pairing import is_business
from customers.matching.rarity import Rarity
from customers.matching.weights import Weights, shipped_weights

# Bits that multiply the odds on the scale of scores by two: with the shipped ones, 14 bits are 0.92.
_SCALE = 4.0
_MOST = 60.0
# A whole address, and a name of which nothing agrees, in bits.
_HOUSED, _UNNAMED = 12.0, -8.0
PLACE_FIELDS = frozenset({"postcode", "city", "street", "number", "house", "distance"})
_REACH_FIELDS = frozenset({"phone", "email"})
_NOBODY: Holders = {}


@dataclass(frozen=True, slots=True)
class Party:
    """What tells who a customer is at one place. `names` are all that it goes by, its own first."""

    names: tuple[Name, ...] = ()
    address: Address = field(default_factory=Address)
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    people: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is between 0 and 1, even odds at 0.5; `bits` is the sum of weights; `evidence` what led there.

    Where the name does not speak for it, or nothing else does, it is not `linkable`: that is asked at most.
    """

    value: float
    bits: float
    evidence: tuple[Evidence, ...]
    linkable: bool


class Scorer:
    """Scores with one tenant's rarity and weights."""

    def __init__(self, rarity: Rarity, weights: Weights | None = None) -> None:
        self._comparer = Comparer(weights or shipped_weights(), rarity)
        self._prior = rarity.prior

    def score(self, sent: Party, known: Party, holders: Holders = _NOBODY) -> Score:
        """Compare all fields that both sides have; `holders` tells which phones and mailboxes many share."""
        evidence = tuple(self._evidence(sent, known, holders))
        bits = self._prior + sum(one.weight for one in evidence)
        names = [*sent.names[:1], *known.names[:1]]
        business = any(name.forms or is_business(name.words) for name in names)
        return Score(as_score(bits), bits, evidence, _linkable(evidence, business=business))

    def _evidence(self, sent: Party, known: Party, holders: Holders) -> Iterator[Evidence]:
        yield from self._names(sent, known)
        yield from self._comparer.place(sent.address, known.address)
        for one in (
            self._comparer.phone(sent.phones, known.phones, holders),
            self._comparer.email(sent.emails, known.emails, holders),
            *(self._comparer.person(person, known.people) for person in sent.people[:1]),
        ):
            if one is not None:
                yield one

    def _names(self, sent: Party, known: Party) -> Iterator[Evidence]:
        """Take the name that the customer goes by which fits best, and its legal form."""
        named = [
            (one, name, other)
            for name in sent.names[:1]
            for other in known.names
            if (one := self._comparer.name(name, other)) is not None
        ]
        if named:
            best, name, other = max(named, key=lambda found: found[0].weight)
            yield best
            form = self._comparer.form(name, other)
            if form is not None:
                yield form


def as_score(bits: float) -> float:
    """Return bits on the scale from 0 to 1, with four digits."""
    return round(1 / (1 + 2 ** (-max(-_MOST, min(_MOST, bits)) / _SCALE)), 4)


def clearance(bits: float, runner_up: float) -> float:
    """Return how clear one score is of the next best: 0 where they are equal, at most 0.5."""
    return round(as_score(bits - runner_up) - 0.5, 4)


def _linkable(evidence: tuple[Evidence, ...], *, business: bool) -> bool:
    """The name must speak for it, and so must a place or a way to reach somebody.

    Where both house and mailbox or phone are the same, part of the name is enough. A business in another
    street or town may be another one of this name, or have moved, and one of another legal form another
    company: that is asked.
    """
    by_field = {one.field: one for one in evidence}
    name = by_field.get("name")
    if name is None:
        return False
    placed = sum(one.weight for one in evidence if one.field in PLACE_FIELDS)
    reached = [one for one in evidence if one.field in _REACH_FIELDS]
    agreed = any(one.agreement == AGREES for one in reached)
    if name.agreement != DIFFERS and name.weight > 0:
        elsewhere = business and _is_elsewhere(by_field)
        return agreed or (placed > 0 and not elsewhere and not _differs(by_field.get("form")))
    same_house = by_field.get("house") or by_field.get("number")
    housed = same_house is not None and same_house.agreement == AGREES and placed > _HOUSED
    return housed and name.weight > _UNNAMED and agreed


def _is_elsewhere(by_field: Mapping[str, Evidence]) -> bool:
    """Another street, or one of this name in another town: there is a Hauptstraße everywhere."""
    if _differs(by_field.get("street")):
        return True
    return _differs(by_field.get("postcode")) and _differs(by_field.get("city"))


def _differs(one: Evidence | None) -> bool:
    return one is not None and one.agreement == DIFFERS
