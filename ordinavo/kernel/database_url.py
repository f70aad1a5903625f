"""From connection URLs to Django's settings."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# A database whose machine has vanished is noticed within a minute, not after the kernel's two hours.
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# Planning takes PostgreSQL longer than most of our statements; those sent so often are planned once.
_PREPARED_AFTER = 5
# A prepared plan must stay good while a small table grows: let the index be taken from the start, also where
# reading a few pages would do today. (The default means discs with moving heads.)
_PLANNING = "-c random_page_cost=1.1"
_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def database_config(url: str, *, prepares: bool = True) -> dict[str, Any]:
    """Return the entry of DATABASES for a PostgreSQL URL in any form that libpq understands.

    `prepares` lets statements be prepared that a connection sends again and again.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://.")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as exc:
        raise ImproperlyConfigured("DATABASE_URL is not a URL that PostgreSQL understands.") from exc
    config: dict[str, Any] = {_NAMES[key]: str(value) for key, value in parts.items() if key in _NAMES}
    options = {key: str(value) for key, value in parts.items() if key not in _NAMES}
    if prepares:
        options["options"] = f"{_PLANNING} {options.get('options', '')}".strip()
    return {
        "ENGINE": "ordinavo.kernel.postgres",
        # One connection a web thread: threads live as long as their process, so a pool would add nothing.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # Parameters travel beside the statement, so that its text is the same each time.
            "server_side_binding": prepares,
            "prepare_threshold": _PREPARED_AFTER if prepares else None,
            **_KEEPALIVE,
            **options,
        },
        **config,
    }


def validate_redis_url(url: str) -> str:
    """Return the URL if it names a Redis or Valkey server over TCP, TLS or a socket."""
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    return url
