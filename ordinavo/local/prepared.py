"""Remembers that a healthy start has already migrated and seeded this very database with this very code.

Two processes of Django cost some seconds; a second `make run` with nothing changed does without them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ordinavo.local.environment import KNOWN

_FILE = "prepared"
_SOURCES = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "ordinavo/desk/**/*.py",
    "ordinavo/*.py",
    "requirements/*.txt",
)
# They differ at every start and say nothing about what is in the database.
_PASSING = {"DATABASE_URL", "REDIS_URL", "METRICS_DIR"}


def fingerprint(root: Path, environment: Mapping[str, str], data: Path) -> str:
    """Return a digest of what migrating and seeding depend on: code, variables, and whose data folder."""
    digest = hashlib.sha256()
    for part in _parts(root, environment, data):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@contextmanager
def once(root: Path, environment: Mapping[str, str], data: Path | None) -> Iterator[bool]:
    """Yield whether preparing is needed. Only if the block ends well, thus healthy, is that remembered.

    Without a data folder of our own (None) it is always needed: others may change that database.
    """
    noted = root / ".local" / _FILE
    now = fingerprint(root, environment, data) if data else ""
    needed = not now or not noted.is_file() or noted.read_text() != now
    noted.unlink(missing_ok=True)
    yield needed
    if now:
        noted.write_text(now)


def _parts(root: Path, environment: Mapping[str, str], data: Path) -> Iterator[bytes]:
    found = (data / "PG_VERSION").stat()
    yield f"{found.st_ino} {found.st_mtime_ns}".encode()
    yield repr([(name, environment.get(name)) for name in KNOWN if name not in _PASSING]).encode()
    for path in sorted(path for pattern in _SOURCES for path in root.glob(pattern)):
        yield str(path.relative_to(root)).encode()
        yield path.read_bytes()
