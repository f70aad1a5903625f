"""The environment of the product here: kept secrets, defaults, and the file for a second terminal."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ordinavo.local.refusal import Refusal

ENV_FILE = "env.json"
_SECRETS_FILE = "secrets.json"
# What settings.py reads; only these go into the file.
KNOWN = (
    "ALLOWED_HOSTS", "ATTACHMENT_MOST_MEGABYTES", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG",
    "EMAIL_FROM", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER", "EMAIL_PORT", "EMAIL_USE_TLS",
    "EMBEDDED", "FIELD_KEYS", "HTTPS", "LOG_FORMAT", "LOG_LEVEL", "MEDIA_ROOT", "METRICS_DIR",
    "METRICS_TOKEN", "OPERATORS_SECOND_FACTOR", "PREPARED_STATEMENTS", "PUBLIC_URL", "REDIS_URL",
    "ROUTE_TILE_ATTRIBUTION", "ROUTE_TILE_URL", "ROUTING_KIND", "ROUTING_TIMEOUT_SECONDS", "ROUTING_URL",
    "SECRET_KEY", "TRUSTED_PROXIES", "WEBHOOK_ALLOWED_TARGETS", "WEBHOOK_IN_FLIGHT",
    "WEBHOOK_IN_FLIGHT_PER_SUBSCRIPTION",
)  # fmt: skip
_ANYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104


def fresh_secrets() -> dict[str, str]:
    """Return a new signing key and a new Fernet key."""
    field_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {"SECRET_KEY": secrets.token_urlsafe(48), "FIELD_KEYS": field_key}


def kept_secrets(local: Path) -> dict[str, str]:
    """Return the secrets of this checkout, made at the first call."""
    path = local / _SECRETS_FILE
    if not path.exists():
        write_private(path, fresh_secrets())
    try:
        return dict(json.loads(path.read_text()))
    except ValueError:
        raise Refusal(f"{path} is not JSON any more: put it right, or run `make clean`.") from None


def local_environment(environ: Mapping[str, str], values: Mapping[str, str], *, host: str) -> dict[str, str]:
    """Return the environment for the product's processes; what the caller has set wins over our defaults."""
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    if host not in {*hosts, *_ANYWHERE}:
        hosts.append(f"[{host}]" if ":" in host else host)
    ours = {
        "HTTPS": "no",
        "EMBEDDED": "yes",
        "ALLOWED_HOSTS": ",".join(hosts),
        **values,
    }
    given = {name: value for name, value in environ.items() if value or name not in ours}
    return {"PYTHONUNBUFFERED": "1", **ours, **given}


def write_env(local: Path, environment: Mapping[str, str]) -> None:
    """Write what `manage.py` needs in a second terminal into .local/env.json."""
    write_private(local / ENV_FILE, {name: environment[name] for name in KNOWN if name in environment})


def write_private(path: Path, content: Mapping[str, str]) -> None:
    """Write JSON that only this user may read, never visible half-written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(content, indent=1))
    beside.replace(path)
