"""How sure it is that two descriptions mean one customer: the evidence of all fields, as one score."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from customers.matching.addresses import Address
from customers.matching.comparing import DIFFERS, Comparer, Evidence
from customers.matching.names import Name
from customers.matching.rarity import Rarity
from customers.matching.weights import Weights, shipped_weights

# Bits that multiply the odds on the scale of scores by two: with the shipped ones, 14 bits are 0.92.
_SCALE = 4.0
_MOST = 60.0
PLACE_FIELDS = frozenset({"postcode", "city", "street", "number", "house", "distance"})
_REACH_FIELDS = frozenset({"phone", "email"})


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

    `linkable` is false where the name does not speak for it, or nothing else does: then nobody links by itself.
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

    def score(self, sent: Party, known: Party) -> Score:
        """Compare all fields that both sides have."""
        evidence = tuple(self._evidence(sent, known))
        bits = self._prior + sum(one.weight for one in evidence)
        return Score(as_score(bits), bits, evidence, _linkable(evidence))

    def _evidence(self, sent: Party, known: Party) -> Iterator[Evidence]:
        named = [
            one
            for name in sent.names[:1]
            for other in known.names
            if (one := self._comparer.name(name, other)) is not None
        ]
        if named:
            yield max(named, key=lambda one: one.weight)
        yield from self._comparer.place(sent.address, known.address)
        for one in (
            self._comparer.phone(sent.phones, known.phones),
            self._comparer.email(sent.emails, known.emails),
            *(self._comparer.person(person, known.people) for person in sent.people[:1]),
        ):
            if one is not None:
                yield one


def as_score(bits: float) -> float:
    """Return bits on the scale from 0 to 1, with four digits."""
    return round(1 / (1 + 2 ** (-max(-_MOST, min(_MOST, bits)) / _SCALE)), 4)


def _linkable(evidence: tuple[Evidence, ...]) -> bool:
    """The name must speak for it, and so must a place or a way to reach somebody."""
    named = any(one.field == "name" and one.agreement != DIFFERS and one.weight > 0 for one in evidence)
    placed = sum(one.weight for one in evidence if one.field in PLACE_FIELDS)
    reached = sum(one.weight for one in evidence if one.field in _REACH_FIELDS)
    return named and max(placed, reached) > 0
