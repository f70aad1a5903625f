"""The one connection pool to Redis, with short timeouts: a web thread never waits long for it."""

from functools import cache

import redis
from django.conf import settings


@cache
def client() -> "redis.Redis":
    """Return the process's client; raises `redis.RedisError` where the server is away."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5, decode_responses=True
    )
