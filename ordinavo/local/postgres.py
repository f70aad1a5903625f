"""The embedded PostgreSQL: its data folder, its command line, and when it is ready."""

import locale
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from ordinavo.local.refusal import Failure, Refusal
from ordinavo.local.servant import Servant

ROLE = DATABASE = "ordinavo"
# Nothing of a throw-away server outlives it, so nothing needs to reach the disk.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


def prepare(servant: Servant, data: Path) -> None:
    """Create the data folder unless it is there; refuses one that another major version has written."""
    if (data / "PG_VERSION").is_file():
        _same_major(servant, data)
        return
    # initdb killed half-way would leave a folder that looks finished: it works beside and is renamed.
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    servant.give(fresh)
    _initdb(servant, fresh)
    fresh.rename(data)


def command(servant: Servant, data: Path, sockets: Path, *, careless: bool) -> list[str]:
    """Return the command line of the server; it listens on a socket in `sockets` and nowhere else."""
    settings = _SETTINGS | {"unix_socket_directories": str(sockets)} | (_CARELESS if careless else {})
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(servant.postgres_bin / "postgres"), "-D", str(data), *flags]


def is_ready(data: Path, pid: int) -> bool:
    """Tell whether the server with this pid accepts connections, as it says itself in its pid file."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    # It may be read while it is still empty.
    return lines[:1] == [str(pid)] and lines[-1].strip() == "ready"


def create_database(servant: Servant, sockets: Path) -> None:
    """Create the project's database unless it is there."""
    tool = [str(servant.postgres_bin / "createdb"), "-h", str(sockets), "-U", ROLE, DATABASE]
    done = _run(servant, tool, cwd=sockets)
    if done.returncode and "already exists" not in done.stderr:
        raise Failure(f"The database could not be created: {done.stderr.strip()}")


def url(sockets: Path) -> str:
    """Return the libpq URL of the project's database."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(sockets), safe='/')}"


def _initdb(servant: Servant, data: Path) -> None:
    tool = [str(servant.postgres_bin / "initdb"), "-D", str(data), "-U", ROLE, "--no-sync"]
    # The socket's folder is private, so whoever reaches the socket may come in; the network may not.
    rules = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", f"--locale={_locale()}"]
    done = _run(servant, tool + rules, cwd=data)
    if done.returncode:
        raise Failure(f"PostgreSQL's data folder could not be made:\n{done.stdout}{done.stderr}".strip())


def _run(servant: Servant, tool: list[str], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    plain = {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "C", "HOME": str(cwd)}
    return subprocess.run(
        tool, cwd=cwd, env=plain, capture_output=True, text=True, check=False, **servant.as_user
    )


def _same_major(servant: Servant, data: Path) -> None:
    told = _run(servant, [str(servant.postgres_bin / "postgres"), "--version"], cwd=data).stdout
    ours, theirs = told.split()[-1].split(".")[0], (data / "PG_VERSION").read_text().strip()
    if ours != theirs:
        raise Refusal(
            f"The data in {data} was written by PostgreSQL {theirs} and this is {ours}:"
            " see docs/operations.md, 'Upgrade', or start afresh after `make clean`."
        )


def _locale() -> str:
    """Return a locale that knows letters beyond ASCII: trigrams of names with umlauts need one."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return next(name for name in ("C.UTF-8", "en_US.UTF-8", "C") if _known(name))
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _known(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True
