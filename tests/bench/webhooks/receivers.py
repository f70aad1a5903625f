"""Our hand on the receivers' process."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.webhooks.receiver import address

_PROGRAM = Path(__file__).with_name("receiver.py")


@dataclass(frozen=True, slots=True)
class Receivers:
    """A process that listens on one port of many loopback addresses."""

    process: subprocess.Popen[str]
    port: int

    def url(self, number: int, path: str) -> str:
        """Return the address of one receiver that answers as the path says."""
        return f"http://{address(number)}:{self.port}{path}"

    def count(self) -> int:
        """Return how many requests came since the last `forget`."""
        return int(self._ask("count"))

    def times(self) -> list[float]:
        """Return when the first byte of each request came, as `time.monotonic` counts."""
        times: list[float] = self._ask("seen")[0]
        return times

    def first_seen(self) -> dict[str, float]:
        """Return when each event's first request came, by the event's id."""
        first: dict[str, float] = {}
        for at, event in zip(*self._ask("seen"), strict=True):
            first.setdefault(event, at)
        return first

    def forget(self) -> None:
        """Begin to count anew."""
        self._ask("forget")

    def _ask(self, what: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(what, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


@contextmanager
def listening(how_many: int) -> Iterator[Receivers]:
    """Start so many receivers, and end them."""
    command = [sys.executable, str(_PROGRAM), str(how_many)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdout is not None
        try:
            yield Receivers(process, int(process.stdout.readline()))
        finally:
            process.terminate()


@contextmanager
def silent(how_many: int) -> Iterator[list[str]]:
    """Yield the addresses of receivers that take connections and requests, and never answer.

    Nobody accepts: the kernel does all there is to do, so they cost the others no time of the machine.
    """
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server((address(number), 0), backlog=256))
            for number in range(how_many)
        ]
        yield [f"http://{host}:{port}/" for host, port in (one.getsockname() for one in sockets)]


def wait_until(reached: Callable[[], bool], *, seconds: float, what: str, every: float = 0.05) -> None:
    """Wait for something that must come; RuntimeError if it does not."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise RuntimeError(f"Waited {seconds:g} s and still not: {what}.")
        time.sleep(every)
