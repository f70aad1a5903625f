"""What operators see of the product: its logs, and figures for Prometheus."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ordinavo import env
from ordinavo.kernel.logging import logging_config

_SHORTEST = 16


def logs() -> dict[str, Any]:
    """Return how logs are written."""
    return logging_config(
        level=env.choice("LOG_LEVEL", "INFO", options=("DEBUG", "INFO", "WARNING", "ERROR")),
        style=env.choice("LOG_FORMAT", "json", options=("json", "console")),
    )


def metrics_token() -> str:
    """Return what `/metrics` must be asked with; without one there is no such page."""
    told = env.text("METRICS_TOKEN", "")
    if told and (len(told) < _SHORTEST or not told.isascii() or len(told.split()) > 1):
        raise ImproperlyConfigured(f"METRICS_TOKEN must have {_SHORTEST} or more characters and no spaces.")
    return told


def metrics_dir(token: str) -> str:
    """Return the folder that web and workers of a machine share; "" without a token."""
    named = env.text("METRICS_DIR", "")
    if token and not Path(named).is_absolute():
        raise ImproperlyConfigured(
            "METRICS_DIR must be set where METRICS_TOKEN is: the absolute path of a folder that web and "
            f"workers of a machine share, best in memory (/run/ordinavo/metrics), not {named!r}."
        )
    return named if token else ""
