"""Travel as the crow flies, made longer by a detour factor and timed by a profile of speeds.

Good enough to plan a day without a routing server; wrong where water or mountains lie between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from targets.routes.planning.problem import Matrix, Place

_EARTH_RADIUS_METERS = 6_371_009.0
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpeedProfile:
    """How fast one gets along: `speeds` are pairs (up to so many meters of road, km/h there), nearest first.

    A way of 30 km is driven at the town's speed for its first part, faster for the next, and so on. The last
    pair's limit is ignored. `detour` is road length over direct distance, `parking` seconds per way.
    """

    detour: float = 1.3
    speeds: tuple[tuple[float, float], ...] = ((3_000, 25), (15_000, 40), (50_000, 65), (0, 90))
    parking: int = 60


DEFAULT_PROFILE = SpeedProfile()


def great_circle(places: Sequence[Place], profile: SpeedProfile = DEFAULT_PROFILE) -> Matrix:
    """Travel between all places; a place to itself, or to another one at the same point, takes no time."""
    meters = direct(places) * profile.detour
    seconds = _driven(meters, profile)
    seconds[meters > 0] += profile.parking
    return Matrix(np.rint(seconds).astype(np.int64), np.rint(meters).astype(np.int64))


def direct(places: Sequence[Place]) -> _Floats:
    """Great-circle distances in meters, by the haversine formula."""
    degrees = np.array([(place.latitude, place.longitude) for place in places], dtype=np.float64)
    latitude, longitude = np.radians(degrees.reshape(-1, 2)).T
    north = np.sin((latitude[:, None] - latitude) / 2) ** 2
    east = np.sin((longitude[:, None] - longitude) / 2) ** 2
    across = north + np.cos(latitude[:, None]) * np.cos(latitude) * east
    distances: _Floats = 2 * _EARTH_RADIUS_METERS * np.arcsin(np.sqrt(np.clip(across, 0, 1)))
    return distances


def _driven(meters: _Floats, profile: SpeedProfile) -> _Floats:
    """Seconds for so many meters of road."""
    seconds = np.zeros_like(meters)
    begun = 0.0
    for number, (limit, speed) in enumerate(profile.speeds, 1):
        end = np.inf if number == len(profile.speeds) else limit
        seconds += np.clip(meters - begun, 0, end - begun) * 3.6 / speed
        begun = end
    return seconds
