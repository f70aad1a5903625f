"""Child processes: started on a leash, heard line by line, ended together with everything they started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_KEPT_LINES = 40
_CHUNK = 65536


@dataclass(frozen=True)
class Spec:
    """How to start a child and how to end it; `patience` in seconds.

    With `log` its output goes to that file, else to us line by line.
    """

    name: str
    command: list[str]
    env: Mapping[str, str]
    cwd: Path
    stop: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    log: Path | None = None
    as_user: Mapping[str, Any] = field(default_factory=dict)
    silent: bool = False
    # A command of the user's keeps our terminal and our group, so that Ctrl-C and job control work on it.
    attached: bool = False


class Child:
    """One started process; unless attached the leader of its own group, so that Ctrl-C reaches us alone."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.started = time.monotonic()
        self.process = _popen(spec)
        self.pipe = self.process.stdout
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._rest = b""
        self.silenced = self.pipe is None
        if self.pipe is not None:
            os.set_blocking(self.pipe.fileno(), False)

    def has_ended(self) -> bool:
        """Tell whether the leader is gone; it is not reaped, so that its number stays reserved for us."""
        if self.process.returncode is not None or not hasattr(os, "waitid"):
            return self.process.poll() is not None
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, flags) is not None

    def send(self, number: signal.Signals) -> None:
        """Send the leader a signal, if it is still there."""
        if not self.has_ended():
            os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End the whole group at once; of an attached child only the process itself."""
        if self.process.returncode is None:
            end = os.kill if self.spec.attached else os.killpg
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(self.process.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Kill what is left of the group of a child that has ended and return its exit code."""
        if not self.spec.attached:
            self.kill()
        return self.process.wait()

    def hear(self) -> Iterator[str]:
        """Yield the lines that came since the last time."""
        for chunk in self._chunks():
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for raw in lines:
                line = raw.decode(errors="replace").rstrip("\r")
                self._lines.append(line)
                yield line

    def last_words(self) -> str:
        """Return the last lines that the child said or wrote into its log."""
        if self.spec.log is not None:
            return "\n".join(self.spec.log.read_text(errors="replace").splitlines()[-_KEPT_LINES:])
        return "\n".join([*self._lines, self._rest.decode(errors="replace")]).strip()

    def _chunks(self) -> Iterator[bytes]:
        while self.pipe is not None and not self.silenced:
            try:
                chunk = os.read(self.pipe.fileno(), _CHUNK)
            except BlockingIOError:
                return
            self.silenced = not chunk
            yield chunk


def _popen(spec: Spec) -> subprocess.Popen[bytes]:
    # preexec_fn is safe because nothing here ever starts a thread.
    common: dict[str, Any] = {
        "env": spec.env,
        "cwd": spec.cwd,
        "preexec_fn": _leash(spec.stop),
        "start_new_session": not spec.attached,
        **spec.as_user,
    }
    if spec.attached:
        return subprocess.Popen(spec.command, **common)
    common |= {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    if spec.log is None:
        return subprocess.Popen(spec.command, stdout=subprocess.PIPE, **common)
    with spec.log.open("wb") as out:
        return subprocess.Popen(spec.command, stdout=out, **common)


def _leash(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a new process does first: ask Linux for this signal when we die, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def leash() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return leash
