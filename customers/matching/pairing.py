"""Which words of two names belong together, and which of them speak of a trade."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from customers.matching.likeness import CLOSE, DIFFERENT, EXACT, likeness
from customers.matching.names import Name
from customers.matching.rarity import shares

# Sent, known, and how like they are.
Pair = tuple[str, str, str]

_SURE = (EXACT, CLOSE)
_LONG_WORD = 7
# German makes words like these without end.
_TRADE_ENDINGS = (
    "bau",
    "technik",
    "handel",
    "betrieb",
    "dienst",
    "service",
    "logistik",
    "reinigung",
    "praxis",
)


def is_business(words: Sequence[str]) -> bool:
    """Whether words of a name speak of a trade, or are numbers, as branches have them."""
    return any(word.isdecimal() or _is_trade(word) for word in words)


def says_who(pairs: Sequence[Pair], left: Sequence[str]) -> bool:
    """Whether words of two businesses that agree say who it is.

    Beginnings of words do not; nor do trades alone, where a word that would tell is missing on one side.
    """
    surely = [one for one, _, how in pairs if how in _SURE]
    if all(map(_is_trade, left)):
        return bool(surely)
    return any(not _is_trade(one) for one in surely)


@lru_cache(maxsize=32768)
def _is_trade(word: str) -> bool:
    trades = shares()["trade"]
    if word in trades or word.endswith(_TRADE_ENDINGS):
        return True
    return len(word) >= _LONG_WORD and any(
        len(trade) >= _LONG_WORD and likeness(word, trade) == CLOSE for trade in trades
    )


def paired(sent: Name, known: Name) -> tuple[list[Pair], list[str], list[str]]:
    """Return the words that belong together, and those that are left on either side."""
    if sent.joined == known.joined:
        return [(word, word, EXACT) for word in max(sent.words, known.words, key=len)], [], []
    left, right, pairs = list(sent.words), list(known.words), []
    for word in sent.words:
        if word in right:
            left.remove(word)
            right.remove(word)
            pairs.append((word, word, EXACT))
    if left and right:
        pairs += _slipped(left, right)
    return pairs, left, right


def _slipped(left: list[str], right: list[str]) -> list[Pair]:
    """Take out of both lists what belongs together though it is not equal; words written together first."""
    pairs = []
    if len(left) > 1 or len(right) > 1:
        pairs += _joined(left, right)
        pairs += [(b, a, how) for a, b, how in _joined(right, left)]
    alike = [(how, a, b) for a in left for b in right if (how := likeness(a, b)) != DIFFERENT]
    # "close" stands before "near" in the alphabet too.
    for how, a, b in sorted(alike, key=lambda one: one[0]):
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            pairs.append((a, b, how))
    return pairs


def _joined(left: list[str], right: list[str]) -> list[Pair]:
    """Pair two neighbours with what is written together on the other side (`Rhein Ruhr`, `Rheinruhr`)."""
    pairs = []
    for one, other in pairwise(tuple(left)):
        both = one + other
        fits = next((word for word in right if likeness(both, word) in _SURE), None)
        if fits is not None and one in left and other in left:
            left.remove(one)
            left.remove(other)
            right.remove(fits)
            pairs.append((both, fits, likeness(both, fits)))
    return pairs
