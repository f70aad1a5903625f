"""All children of one supervising process: waiting for them, passing on what they say, ending them in order.

Single-threaded: whoever waits for anything waits in `Crew.pump`.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from ordinavo.local import pidfile
from ordinavo.local.children import Child, Spec
from ordinavo.local.refusal import Failure, Stopped


class Crew:
    """The children of this process by name, in the order of their first start; all are ended at the exit."""

    def __init__(self, session: Path, say: Callable[[str, str], None]) -> None:
        self.session = session
        self.say = say
        self.children: dict[str, Child] = {}
        self.signals: list[signal.Signals] = []
        self._selector = selectors.DefaultSelector()
        self._awake, self._waker = socket.socketpair()
        self._selector.register(self._awake, selectors.EVENT_READ, None)
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._listen_to_signals()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._selector.close()
        self._awake.close()
        self._waker.close()

    def start(self, spec: Spec) -> Child:
        """Start a child and write its pid file. A second start keeps the place in the order."""
        child = self.children[spec.name] = Child(spec)
        pidfile.write(self.session, spec.name, child.process.pid, stop=spec.stop.name)
        if child.pipe is not None:
            self._selector.register(child.pipe, selectors.EVENT_READ, child)
        return child

    def pump(self, seconds: float) -> None:
        """Pass on output until something happens (output, a signal, a child's end), at most so long."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                self._awake.recv(4096)
            else:
                self._pass_on(key.data)

    def check(self) -> None:
        """Raise Stopped if we have been asked to stop."""
        if self.signals:
            raise Stopped

    def wait(self, child: Child) -> int:
        """Wait until a child ends by itself and return its exit code; Stopped if we are asked to stop."""
        while not child.has_ended():
            self.check()
            self.pump(0.5)
        return self.bury(child)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait until `ready` says so; Failure when a child ends before or it takes longer."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            for child in self.ended():
                raise Failure(f"{child.spec.name} ended before {what}. It said:\n{self.last_words(child)}")
            if time.monotonic() > deadline:
                raise Failure(f"Waited {seconds:g} s and still not: {what}.")
            self.pump(0.05)

    def ended(self) -> list[Child]:
        """Return the children that are no longer there."""
        return [child for child in self.children.values() if child.has_ended()]

    def last_words(self, child: Child) -> str:
        """Return the child's last lines, those still in its pipe included."""
        self._pass_on(child)
        return child.last_words()

    def stop(self, child: Child) -> None:
        """End a child, gently first, after its patience with its whole group; nothing of it is left then."""
        child.send(child.spec.stop)
        deadline = time.monotonic() + child.spec.patience
        while not child.has_ended():
            self.pump(0.1)
            if time.monotonic() > deadline:
                child.kill()
        self.bury(child)

    def stop_all(self) -> None:
        """End all children, the last in the order first."""
        for child in reversed(list(self.children.values())):
            self.stop(child)

    def bury(self, child: Child) -> int:
        """Take a child that has ended out of the books and return its exit code."""
        code = self.settle(child)
        del self.children[child.spec.name]
        return code

    def settle(self, child: Child) -> int:
        """End what a dead child left behind and return its exit code; it keeps its place for a new start."""
        code = child.reap()
        self._pass_on(child)
        self._unhook(child)
        (self.session / f"{child.spec.name}.json").unlink(missing_ok=True)
        return code

    def _pass_on(self, child: Child) -> None:
        for line in child.hear():
            if not child.spec.silent:
                self.say(child.spec.name, line)
        if child.silenced:
            self._unhook(child)

    def _unhook(self, child: Child) -> None:
        if child.pipe is not None and not child.pipe.closed:
            self._selector.unregister(child.pipe)
            child.silenced = True
            child.pipe.close()

    def _listen_to_signals(self) -> None:
        self._awake.setblocking(False)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        # A handler, even an idle one, makes the end of a child wake us.
        self._handle(signal.SIGCHLD, lambda *_: None)
        wanted = [signal.SIGINT, signal.SIGTERM]
        # Under nohup the hang-up is ignored, and shall be.
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        for number in wanted:
            self._handle(number, lambda got, _: self.signals.append(signal.Signals(got)))

    def _handle(self, number: signal.Signals, handler: Callable[[int, Any], None]) -> None:
        self._before[number] = signal.signal(number, handler)
