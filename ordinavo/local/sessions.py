"""Sessions: one folder of pid files per `make run` or `exec`, and what to do with those whose owner died.

`.local/sessions/<name>/owner.json` names the supervising process and its private folder under /tmp;
the other files name the processes that it started.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ordinavo.local import pidfile
from ordinavo.local.refusal import Refusal

OWNER = "owner"
_PREFIX = "ordinavo-"
# Not the TMPDIR of the environment, which may be long.
_TMP = Path("/tmp")  # noqa: S108
# Web first so that no new work comes in, the database last.
_ORDER = ("command", "web", "worker", "beat", "valkey", "postgres")
_PATIENCE = 10.0


@contextmanager
def only_run(local: Path) -> Iterator[None]:
    """Hold the right to be the one `make run` of this checkout; the kernel frees it however we end."""
    local.mkdir(exist_ok=True)
    with (local / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = pidfile.read(local / "sessions" / "run" / f"{OWNER}.json")
            who = f" (process {owner.pid})" if owner else ""
            raise Refusal(f"Ordinavo already runs from this folder{who}: stop that one first.") from None
        yield


@contextmanager
def session(local: Path, name: str = "") -> Iterator[tuple[Path, Path]]:
    """Own a session: yields the folder for its pid files and a short private one for sockets.

    Both are removed at the end, when all its processes must have been ended. Without a name it gets its own.
    """
    # A socket's path may have no more than some 100 bytes, whatever the checkout's own path.
    burrow = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_TMP))
    folder = local / "sessions" / (name or burrow.name)
    # Never seen without its owner, or somebody else's sweep would take it for a dead one's.
    unseen = local / "sessions" / f".{burrow.name}"
    pidfile.write(unseen, OWNER, os.getpid(), folder=str(burrow))
    unseen.rename(folder)
    try:
        yield folder, burrow
    finally:
        _forget(folder)


def sweep(local: Path) -> list[str]:
    """End what dead owners left behind and return the names of the processes ended."""
    ended: list[str] = []
    for session in every(local):
        if not pidfile.lives(pidfile.read(session / f"{OWNER}.json")):
            ended += end_session(session)
    return ended


def every(local: Path) -> list[Path]:
    """Return the folders of all sessions, living and dead."""
    return sorted((local / "sessions").glob("[!.]*"))


def end_session(session: Path) -> list[str]:
    """End the living processes that the session's pid files name, forget it, return their names."""
    marks = {mark.name: mark for path in session.glob("*.json") if (mark := pidfile.read(path))}
    ended = [name for name in _ORDER if name in marks and pidfile.end(marks[name], patience=_PATIENCE)]
    _forget(session)
    return ended


def _forget(session: Path) -> None:
    owner = pidfile.read(session / f"{OWNER}.json")
    if owner:
        _remove(Path(owner.folder))
    shutil.rmtree(session, ignore_errors=True)


def _remove(folder: Path) -> None:
    # The name comes from a file: only what we would have made ourselves is ever removed.
    if folder.parent == _TMP and folder.name.startswith(_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
