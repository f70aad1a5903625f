"""Typed readers of environment variables that refuse nonsense with one sentence.

A variable that is not in the process environment is looked up in `.local/env.json`, which `make run` writes,
so that `manage.py` in a second terminal talks to the same servers.
"""

import json
import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LOCAL_FILE = Path(__file__).resolve().parent.parent / ".local" / "env.json"


def _local() -> dict[str, str]:
    # With DATABASE_URL set the process is not the embedded one: none of its local values may leak in.
    if "DATABASE_URL" in os.environ or not LOCAL_FILE.is_file():
        return {}
    try:
        return {str(k): str(v) for k, v in json.loads(LOCAL_FILE.read_text()).items()}
    except PermissionError:
        return {}
    except ValueError as exc:
        raise ImproperlyConfigured(f"{LOCAL_FILE.name} is not JSON: remove it and start again.") from exc


_LOCAL = _local()


def text(name: str, default: str) -> str:
    """Return the variable as it stands, without surrounding white space."""
    return os.environ.get(name, _LOCAL.get(name, default)).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return True for 'yes', False for 'no'; anything else is refused."""
    raw = text(name, "yes" if default else "no")
    if raw not in {"yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 'yes' or 'no', not {raw!r}.")
    return raw == "yes"


def number(name: str, default: int, *, minimum: int, maximum: int) -> int:
    """Return a whole number between minimum and maximum, both included."""
    raw = text(name, str(default))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and minimum <= int(raw) <= maximum):
        raise ImproperlyConfigured(f"{name} must be a whole number from {minimum} to {maximum}, not {raw!r}.")
    return int(raw)


def choice(name: str, default: str, *, options: tuple[str, ...]) -> str:
    """Return one of the options."""
    raw = text(name, default)
    if raw not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {raw!r}.")
    return raw


def listing(name: str, default: str = "") -> list[str]:
    """Return the comma-separated values without the empty ones."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str) -> str:
    """Return an address that begins with http:// or https:// and a host, or "" if there is none."""
    raw = text(name, "")
    if raw and not re.match(r"https?://[^/\s]+(/\S*)?$", raw):
        raise ImproperlyConfigured(f"{name} must be like https://host.example.com, not {raw!r}.")
    return raw
