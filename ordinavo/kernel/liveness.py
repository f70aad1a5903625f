"""Who works, and what stands in the queues: told by the broker, for those who look after the product."""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import redis

from ordinavo.kernel.redis import client

_WORKERS = "ordinavo:workers:heard"
# A worker that plans a great day is busy for a minute and says nothing.
SILENCE_SECONDS = 90
_NOTED_EVERY = 10

_noted: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Queue:
    """How many bells stand in a queue, and when the oldest of them was sent."""

    name: str
    length: int
    oldest_at: datetime | None


def note_working(name: str) -> None:
    """Leave word that this worker lives; every ten seconds are enough. A broker that is away is no fault."""
    now = time.time()
    if now - _noted.get(name, 0) < _NOTED_EVERY:
        return
    _noted[name] = now
    with suppress(redis.RedisError):
        client().zadd(_WORKERS, {name: now})


def workers_heard() -> dict[str, datetime]:
    """Return when each living worker was heard last; raises `redis.RedisError` where the broker is away."""
    now = time.time()
    line = client().pipeline(transaction=False)
    line.zremrangebyscore(_WORKERS, "-inf", now - SILENCE_SECONDS)
    line.zrange(_WORKERS, 0, -1, withscores=True)
    _, heard = line.execute()
    return {name: datetime.fromtimestamp(at, UTC) for name, at in sorted(heard)}


def queues(names: Iterable[str]) -> list[Queue]:
    """Return what stands in each queue, in one trip; raises `redis.RedisError` where the broker is away."""
    wanted = list(names)
    line = client().pipeline(transaction=False)
    for name in wanted:
        line.llen(name)
        # Bells are pushed on the left and taken from the right.
        line.lindex(name, -1)
    told = line.execute()
    return [
        Queue(name, length, _sent_at(oldest))
        for name, length, oldest in zip(wanted, told[::2], told[1::2], strict=True)
    ]


def _sent_at(message: str | None) -> datetime | None:
    """Return the stamp of a message (see `kernel.sent`), None for one without."""
    if not message:
        return None
    try:
        return datetime.fromisoformat(json.loads(message)["headers"]["sent_at"])
    except (ValueError, KeyError, TypeError):
        return None
