"""Looking through many rows a step at a time, round and round.

The place stands in Redis. Where it is lost the round begins anew, which costs time and nothing else.
"""

from contextlib import suppress
from typing import Any

import redis
from django.db.models import QuerySet

from ordinavo.kernel.redis import client


def step(name: str, rows: QuerySet[Any], *, size: int) -> list[int]:
    """Return the ids of the next rows of the round `name`; after the last one it begins again.

    Whoever looks at them may find nothing, or die: they come again with the next round.
    """
    ids = list(rows.filter(pk__gt=_place(name)).order_by("pk").values_list("pk", flat=True)[:size])
    with suppress(redis.RedisError):
        client().set(_key(name), ids[-1] if len(ids) == size else 0)
    return ids


def _place(name: str) -> int:
    with suppress(redis.RedisError):
        return int(client().get(_key(name)) or 0)
    return 0


def _key(name: str) -> str:
    return f"ordinavo:round:{name}"
