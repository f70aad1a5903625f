"""Weights from a tenant's own pairs: how often records that are the same, or not, agree field by field."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from customers.matching.comparing import AGREES, DIFFERS, SIMILAR
from customers.matching.scoring import Party, Scorer
from customers.matching.weights import Weights

# The shipped weights count as much as so many pairs, so that few decisions do not turn them over.
_PRIOR_PAIRS = 200
_LEAST = 0.0005
_CLASS = {"exact": AGREES, "close": SIMILAR, "near": SIMILAR, "different": DIFFERS}
# Levels that one field of the evidence may have come from.
_TABLES = {
    "postcode": ("postcode",),
    "city": ("city", "city_in_postcode"),
    "street": ("street", "street_in_postcode"),
    "number": ("number",),
    "phone": ("phone",),
    "email": ("email",),
    "form": ("form",),
}

Pairs = Iterable[tuple[Party, Party]]
Counts = Mapping[tuple[str, str], int]


def count_agreements(pairs: Pairs, scorer: Scorer) -> Counts:
    """Return how often each field agrees, is similar or differs."""
    counts: Counter[tuple[str, str]] = Counter()
    for sent, known in pairs:
        counts.update((one.field, one.agreement) for one in scorer.score(sent, known).evidence)
    return counts


def estimated(weights: Weights, *, same: Counts, apart: Counts) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the weights as JSON, moved towards what was counted for equal records and for strangers.

    Where rarity counts, `u` stays: the tenant's own frequencies stand for it.
    """
    told: dict[str, dict[str, dict[str, Any]]] = {
        table: {
            level: {"m": one.m, "u": one.u, "rare": one.rare, "most": one.most}
            for level, one in levels.items()
        }
        for table, levels in weights.items()
    }
    for field, tables in _TABLES.items():
        for table in tables:
            for level, said in told[table].items():
                said["m"] = _moved(told[table], level, "m", field, same)
                if not said["rare"]:
                    said["u"] = _moved(told[table], level, "u", field, apart)
    return told


def _moved(
    levels: Mapping[str, Mapping[str, Any]], level: str, chance: str, field: str, counts: Counts
) -> float:
    """Return the chance of a level after counting: its class keeps how it is shared among its levels."""
    pairs = sum(counts.get((field, agreement), 0) for agreement in (AGREES, SIMILAR, DIFFERS))
    own = float(levels[level][chance])
    before = sum(said[chance] for name, said in levels.items() if _CLASS[name] == _CLASS[level])
    counted = counts.get((field, _CLASS[level]), 0)
    after = (counted + _PRIOR_PAIRS * before) / (pairs + _PRIOR_PAIRS)
    return round(min(1.0, max(_LEAST, own * float(after / before))), 5)
