"""What routing servers are asked, and what their answers say: OSRM's table service, Valhalla's matrix.

Servers take a limited number of places at once, so a day is asked for in blocks.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from targets.routes.planning.problem import UNREACHABLE, Ints, Matrix, Place
from targets.routes.planning.travel.great_circle import direct

OSRM, VALHALLA = "osrm", "valhalla"
# OSRM is asked by URL, which holds so many places of both sides; Valhalla takes fifty to each.
BLOCK = {OSRM: 25, VALHALLA: 50}
_METERS = {"k": 1000, "m": 1609.344}
# Roads are longer than the crow flies, but places are moved to the next road first.
_LEAST_ROAD = 0.5
_LEAST_SPEED, _MOST_SPEED = 1, 250


class Unusable(Exception):
    """The answer is not a table of the places that were asked for; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Block:
    """Ways from the places of `rows` to those of `columns`, and how to ask for them.

    `body` is None where the URL says it all.
    """

    rows: range
    columns: range
    url: str
    body: bytes | None = None


def blocks(kind: str, url: str, places: Sequence[Place]) -> Iterator[Block]:
    """Yield what to ask a server at `url` for all ways between the places."""
    size = BLOCK[kind]
    parts = [range(at, min(at + size, len(places))) for at in range(0, len(places), size)]
    make = _osrm if kind == OSRM else _valhalla
    for rows in parts:
        for columns in parts:
            yield make(url.rstrip("/"), places, rows, columns)


def parsed(kind: str, block: Block, text: str) -> tuple[Ints, Ints]:
    """Return seconds and meters of a block, `UNREACHABLE` where no way leads; may raise `Unusable`."""
    try:
        told = json.loads(text)
        pair = _osrm_tables(told) if kind == OSRM else _valhalla_tables(told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unusable("no table in the answer") from None
    seconds, meters = (_whole(block, table) for table in pair)
    return seconds, meters


def joined(number: int, answers: Sequence[tuple[Block, tuple[Ints, Ints]]]) -> Matrix:
    """Return the matrix of so many places; from a place to itself there is no way to go."""
    seconds = np.full((number, number), UNREACHABLE, dtype=np.int64)
    meters = seconds.copy()
    for block, (times, ways) in answers:
        at = slice(block.rows.start, block.rows.stop), slice(block.columns.start, block.columns.stop)
        seconds[at], meters[at] = times, ways
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(meters, 0)
    if number > 1 and bool((seconds + np.diag([UNREACHABLE] * number) >= UNREACHABLE).all()):
        raise Unusable("no way between any two places")
    return Matrix(seconds, meters)


def require_sense(places: Sequence[Place], matrix: Matrix) -> None:
    """Raise `Unusable` if all ways together are much too short, slow or quick, as they are in other units."""
    known = (matrix.seconds < UNREACHABLE) & (matrix.meters < UNREACHABLE)
    seconds, meters = int(matrix.seconds[known].sum()), int(matrix.meters[known].sum())
    hourly = meters * 3.6
    if meters < _LEAST_ROAD * float(direct(places)[known].sum()):
        raise Unusable("distances that are too short")
    if not _LEAST_SPEED * seconds <= hourly <= _MOST_SPEED * seconds:
        raise Unusable("travel times that cannot be")


def _osrm(url: str, places: Sequence[Place], rows: range, columns: range) -> Block:
    asked = [*rows, *(index for index in columns if index not in rows)]
    at = {index: position for position, index in enumerate(asked)}
    points = ";".join(f"{places[index].longitude:.6f},{places[index].latitude:.6f}" for index in asked)
    sources, destinations = (";".join(str(at[index]) for index in part) for part in (rows, columns))
    query = f"sources={sources}&destinations={destinations}&annotations=duration,distance"
    return Block(rows, columns, f"{url}/table/v1/driving/{points}?{query}")


def _valhalla(url: str, places: Sequence[Place], rows: range, columns: range) -> Block:
    sources, targets = (
        [{"lat": round(places[i].latitude, 6), "lon": round(places[i].longitude, 6)} for i in part]
        for part in (rows, columns)
    )
    body = {"sources": sources, "targets": targets, "costing": "auto", "units": "kilometers"}
    return Block(rows, columns, f"{url}/sources_to_targets", json.dumps(body).encode())


def _osrm_tables(told: Any) -> tuple[Any, Any]:
    if told.get("code") != "Ok":
        raise Unusable("the server refused the question")
    return told["durations"], told["distances"]


def _valhalla_tables(told: Any) -> tuple[Any, Any]:
    table, unit = told["sources_to_targets"], _METERS[told.get("units", "kilometers")[0]]
    times = [[way["time"] for way in row] for row in table]
    ways = [[None if way["distance"] is None else way["distance"] * unit for way in row] for row in table]
    return times, ways


def _whole(block: Block, table: Any) -> Ints:
    shape = len(block.rows), len(block.columns)
    if not isinstance(table, list) or [len(row) for row in table] != [shape[1]] * shape[0]:
        raise Unusable("the table has another size than asked for")
    return np.array([[_number(value) for value in row] for row in table], dtype=np.int64).reshape(shape)


def _number(value: Any) -> int:
    if value is None:
        return UNREACHABLE
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise Unusable("a value of the table is no number")
    return min(UNREACHABLE, round(value))
