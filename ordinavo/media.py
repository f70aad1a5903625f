"""Where files of visit reports are kept, and how big they may be."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ordinavo import env

_DEFAULT = Path(".local", "media")


def root(base: Path) -> str:
    """Return the folder of the files: `.local/media` unless MEDIA_ROOT names another one."""
    named = env.text("MEDIA_ROOT", "")
    if named and not Path(named).is_absolute():
        raise ImproperlyConfigured(f"MEDIA_ROOT must be an absolute path, not {named!r}.")
    return named or str(base / _DEFAULT)


def storages(*, from_source: bool) -> dict[str, Any]:
    """Return where files lie; static ones straight in the source tree, or where `collectstatic` put them."""
    hashed = "ordinavo.kernel.statics.HashedStatics"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {
        # Files are given out by views that know who asks, never by their path.
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
        },
        "staticfiles": {"BACKEND": plain if from_source else hashed},
    }


MOST_BYTES = env.number("ATTACHMENT_MOST_MEGABYTES", 10, minimum=1, maximum=100) * 1_000_000
MOST_PIXELS = 50_000_000
