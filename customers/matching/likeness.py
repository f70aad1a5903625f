"""How like two words or streets are: equal, a slip of the pen apart, near, or neither."""

from rapidfuzz.distance import OSA

EXACT, CLOSE, NEAR, DIFFERENT = "exact", "close", "near", "different"


def likeness(one: str, other: str) -> str:
    """Compare two words. One slip in four letters is close, two in six are near, three in ten too.

    A slip is a letter too many, too few, wrong, or swapped with its neighbour.
    """
    if one == other:
        return EXACT
    if one.isdecimal() or other.isdecimal():
        # "Branch 192" is not "Branch 102".
        return DIFFERENT
    how = _slipped(min(len(one), len(other)), OSA.distance(one, other, score_cutoff=3))
    return NEAR if how == DIFFERENT and _shortened(one, other) else how


def _slipped(letters: int, slips: int) -> str:
    if slips == 1 and letters >= 3:
        return CLOSE if letters >= 4 else NEAR
    if slips == 2 and letters >= 6:
        return CLOSE if letters >= 10 else NEAR
    return NEAR if slips == 3 and letters >= 10 else DIFFERENT


def one_slip(one: str, other: str) -> bool:
    """Whether two codes of digits are one slip apart."""
    return OSA.distance(one, other, score_cutoff=1) == 1


def _shortened(one: str, other: str) -> bool:
    """Whether one is the beginning of the other: an initial, or three letters and more."""
    shorter = min(len(one), len(other))
    return shorter not in {0, 2} and (one.startswith(other) or other.startswith(one))
