"""Weights of the kind that Fellegi and Sunter found, shipped as data and estimated anew from decisions.

`m` is how often records of one customer show a level of agreement, `u` how often records of two do. Where
`rare` is true, `u` counts in shares of the value itself: that two are called Müller happens more often.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log2
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """What one level of agreement of a field weighs, in bits; `most` is how much rarity may add."""

    m: float
    u: float
    rare: bool = False
    most: float = 20.0
    plus: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out the logarithm once."""
        object.__setattr__(self, "plus", log2(self.m / self.u))

    def weight(self, bits: float = 0.0) -> float:
        """Return the weight; `bits` is the rarity of the value. Rarity never makes it speak against."""
        return max(0.0, min(bits, self.most) + self.plus) if self.rare else self.plus


Weights = Mapping[str, Mapping[str, Level]]


def read_weights(data: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Weights:
    """Return weights from JSON: field, level, then `m`, `u`, and `rare` and `most` where they apply."""
    return {name: {level: Level(**said) for level, said in levels.items()} for name, levels in data.items()}


def weights_json() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the shipped weights as JSON."""
    path = Path(__file__).with_name("data") / "weights.json"
    data: dict[str, dict[str, dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def shipped_weights() -> Weights:
    """Return the shipped weights."""
    return read_weights(weights_json())
