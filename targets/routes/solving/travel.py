"""Travel times between the places of a day, and where they came from."""

from collections.abc import Sequence

from targets.routes.planning.problem import Matrix, Place
from targets.routes.planning.travel.great_circle import great_circle

GREAT_CIRCLE = "great circle"


def travel_between(places: Sequence[Place]) -> tuple[Matrix, str]:
    """Return travel times and distances between all places, and the name of their source."""
    return great_circle(places), GREAT_CIRCLE
