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
    shorter = min(len(one), len(other))
    if shorter < 3:
        return NEAR if _shortened(one, other) else DIFFERENT
    slips = OSA.distance(one, other, score_cutoff=3)
    if shorter >= 3 and slips == 1:
        return CLOSE if shorter >= 4 else NEAR
    if shorter >= 6 and slips == 2:
        return CLOSE if shorter >= 10 else NEAR
    if shorter >= 10 and slips == 3:
        return NEAR
    return NEAR if _shortened(one, other) else DIFFERENT


def one_slip(one: str, other: str) -> bool:
    """Whether two codes of digits are one slip apart."""
    return OSA.distance(one, other, score_cutoff=1) == 1


def _shortened(one: str, other: str) -> bool:
    """Whether one is the beginning of the other: an initial, or three letters and more."""
    shorter = min(len(one), len(other))
    return shorter not in {0, 2} and (one.startswith(other) or other.startswith(one))
