"""Pid files that know their process again, so that nobody else's process is ever ended.

A pid alone is worthless after a crash: the kernel gives it to the next comer. Each file therefore also holds
the moment of birth, and a process counts as ours only if both agree.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_POLL = 0.05


@dataclass(frozen=True)
class Mark:
    """One process of ours as its pid file tells it; `stop` is the name of the signal that ends it gently."""

    name: str
    pid: int
    born: str
    stop: str = "SIGTERM"
    folder: str = ""


def birth(pid: int) -> str | None:
    """Return when the process was born, in the system's own words, or None if it is dead or a zombie."""
    if Path("/proc/self/stat").exists():
        return _birth_from_proc(pid)
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stdout.strip() or None


def _birth_from_proc(pid: int) -> str | None:
    try:
        # The name in parentheses may itself hold spaces and parentheses: count from the last one.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    # Ticks since boot repeat after a reboot, hence the boot's own id beside them.
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"


def write(session: Path, name: str, pid: int, *, stop: str = "SIGTERM", folder: str = "") -> None:
    """Write the pid file of a living process; harmless if it is already dead."""
    mark = Mark(name=name, pid=pid, born=birth(pid) or "dead", stop=stop, folder=folder)
    session.mkdir(parents=True, exist_ok=True)
    beside = session / f".{name}"
    beside.write_text(json.dumps(asdict(mark)))
    beside.replace(session / f"{name}.json")


def read(path: Path) -> Mark | None:
    """Return what the file says, or None if there is none or it is no pid file."""
    try:
        return Mark(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def lives(mark: Mark | None) -> bool:
    """Tell whether the very process that the file was written for is still there."""
    return mark is not None and birth(mark.pid) == mark.born


def end(mark: Mark, *, patience: float) -> bool:
    """End a process that is not our child: gently, then its whole group for good. False: it was not there."""
    if not lives(mark):
        return False
    _send(mark.pid, signal.Signals[mark.stop])
    deadline = time.monotonic() + patience
    while lives(mark) and time.monotonic() < deadline:
        time.sleep(_POLL)
    if lives(mark):
        _kill_group(mark.pid)
    while lives(mark):
        time.sleep(_POLL)
    return True


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        # Only a leader of its own group takes others with it; anything else would hit strangers.
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
