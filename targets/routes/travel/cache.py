"""Keeps what a routing server said, so that planning a day again does not ask again."""

import base64
import zlib
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import redis
import structlog

from ordinavo.kernel.redis import client
from targets.routes.planning.problem import Matrix, Place
from targets.routes.travel.server import Server

log = structlog.get_logger("ordinavo.routes")

KEPT_SECONDS = 86_400
# Larger days are asked for anew: the broker's memory is not meant for them.
MOST_PLACES = 400


def matrix_of(server: Server, places: Sequence[Place]) -> Matrix:
    """Return all ways between the places, from the cache or from the server; raises `Unusable` as it does.

    A cache that is away only costs the question.
    """
    if len(places) > MOST_PLACES:
        return server.matrix(places)
    key = _key(server, places)
    try:
        held = client().get(key)
        if isinstance(held, str):
            return _unpacked(held, len(places))
    except redis.RedisError:
        log.warning("travel_cache_away")
        return server.matrix(places)
    matrix = server.matrix(places)
    _keep(key, matrix)
    return matrix


def _key(server: Server, places: Sequence[Place]) -> str:
    return f"routes:travel:{sha256(repr((server, list(places))).encode()).hexdigest()}"


def _keep(key: str, matrix: Matrix) -> None:
    packed = np.stack((matrix.seconds, matrix.meters)).astype("<i4").tobytes()
    try:
        client().set(key, base64.b64encode(zlib.compress(packed)).decode(), ex=KEPT_SECONDS)
    except redis.RedisError:
        log.warning("travel_cache_away")


def _unpacked(text: str, number: int) -> Matrix:
    raw = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<i4")
    seconds, meters = raw.reshape(2, number, number).astype(np.int64)
    return Matrix(seconds, meters)
