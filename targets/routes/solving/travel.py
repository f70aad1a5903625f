"""Travel times between the places of a day, and where they came from."""

from collections.abc import Sequence

import structlog

from targets.routes.planning.problem import Matrix, Place
from targets.routes.planning.travel.great_circle import great_circle
from targets.routes.planning.travel.tables import Unusable
from targets.routes.travel.cache import matrix_of
from targets.routes.travel.server import configured

log = structlog.get_logger("ordinavo.routes")

GREAT_CIRCLE = "distances"
_LONGEST = 64


def travel_between(places: Sequence[Place]) -> tuple[Matrix, str]:
    """Return travel times and distances between all places, and the name of their source.

    The routing server's, if there is one and it answers as it should; else those of distances, with the
    reason beside the name. Call it outside of transactions.
    """
    server = configured()
    if server is None or not places:
        return great_circle(places), GREAT_CIRCLE
    try:
        return matrix_of(server, places), server.kind
    except Unusable as failed:
        log.warning("routing_server_unusable", reason=str(failed))
        return great_circle(places), f"{GREAT_CIRCLE} ({server.kind}: {failed})"[:_LONGEST]


def failure_of(source: str) -> str:
    """Return why a routing server was done without, "" if none was needed or it answered."""
    return source.removeprefix(GREAT_CIRCLE).strip(" ()") if source.startswith(GREAT_CIRCLE) else ""
