"""Little processes for the tests of the supervisor, and looking for what is still alive."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ordinavo.local import pidfile

SUPERVISOR = [sys.executable, "-m", "ordinavo.local"]
# Ignores SIGTERM and says so.
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('up', flush=True); time.sleep(60)"
)


def sleeper() -> subprocess.Popen[bytes]:
    """Start a process that does nothing, leader of its own group."""
    return subprocess.Popen(["sleep", "60"], start_new_session=True)


def stubborn(*, own_group: bool = True) -> subprocess.Popen[bytes]:
    """Start a process that ignores SIGTERM, and return when it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], start_new_session=own_group, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return process


def until(true: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    """Wait until it is true, at most so long; return whether it became true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    return pidfile.birth(pid) is not None


def living_of(session: Path) -> dict[str, int]:
    """Return name and pid of each process that the session's pid files name and that is alive."""
    marks = [mark for path in session.glob("*.json") if (mark := pidfile.read(path))]
    return {mark.name: mark.pid for mark in marks if pidfile.lives(mark)}


def belonging_to(folder: Path | str) -> list[int]:
    """Return the pids of all processes that work in the folder or name it among their arguments."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _belongs(entry, str(folder))]


def _belongs(entry: Path, folder: str) -> bool:
    try:
        at = str((entry / "cwd").readlink())
        words = (entry / "cmdline").read_bytes()
    except OSError:
        return False
    return at == folder or at.startswith(f"{folder}/") or folder.encode() in words
