"""How much an agreement tells: two Müllers less than two of a name that nobody else has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log2
from pathlib import Path

# Words, streets, towns and postcodes that a tenant has not counted yet are as rare as these shares.
_UNSEEN = {"word": 1 / 12_000, "street": 1 / 2_000, "city": 1 / 1_200, "postcode": 1 / 2_000}
# So many customers count as much as what is known of the world at large.
_WORLD = 2_000
_FEWEST = 1_000
# Of five who arrive, four are known.
_KNOWN = 2.0
# Neighbours of the world at large, which count as much as so many sites of the tenant's own.
_NEIGHBOURS, _WORLD_SITES = 0.2, 20


@dataclass(frozen=True, slots=True)
class Rarity:
    """Counts of a tenant's words, streets, cities and postcodes, mixed with shares of the world.

    `customers` and `sites` are how many were counted, `neighbours` how many others a customer shares a house
    with on average. Only what is frequent needs to be in `counts`.
    """

    customers: int = 0
    sites: int = 0
    neighbours: float = _NEIGHBOURS
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    _bits: dict[tuple[str, str], float] = field(default_factory=dict, compare=False, repr=False)

    def bits(self, kind: str, value: str) -> float:
        """Return how many bits it tells that two records share the value."""
        known = self._bits.get((kind, value))
        if known is None:
            known = self._bits[kind, value] = -log2(self._share(kind, value))
        return known

    @property
    def prior(self) -> float:
        """Return what speaks against a candidate before anything is compared: there are so many others."""
        return _KNOWN - log2(self._others)

    @property
    def _others(self) -> int:
        return max(self.customers, _FEWEST)

    @property
    def house_bits(self) -> float:
        """Return how many bits it tells that two records share a house."""
        pairs = self.neighbours * self.sites + _NEIGHBOURS * _WORLD_SITES
        return log2(self._others) - log2(pairs / (self.sites + _WORLD_SITES))

    def _share(self, kind: str, value: str) -> float:
        among = self.customers if kind == "word" else self.sites
        count = self.counts.get(kind, {}).get(value, 0)
        world = shares().get(kind, {}).get(value, _UNSEEN[kind])
        return (count + _WORLD * world) / (among + _WORLD)


@cache
def shares() -> Mapping[str, Mapping[str, float]]:
    """Return shipped shares of frequent words, streets and cities."""
    path = Path(__file__).with_name("data") / "frequent.json"
    found: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    return found
