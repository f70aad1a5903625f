"""An asyncio loop on a thread of its own, for code that is not asynchronous."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """One loop that lasts, so that connections opened on it can be used again.

    `start` before the first `submit`; `stop` cancels what still runs and waits for it.
    """

    def __init__(self, name: str = "loop") -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the loop; does nothing if it runs."""
        if self._thread is not None:
            return
        running = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(running,), name=self._name, daemon=True)
        self._thread.start()
        running.wait()

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Hand a coroutine to the loop from any other thread; cancelling the future cancels it."""
        if self._loop is None:
            work.close()
            raise RuntimeError("The loop has not been started.")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        """Cancel what runs, end the loop, wait for its thread; does nothing if it doesn't run."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        self._loop = self._thread = None

    def _run(self, running: threading.Event) -> None:
        # The runner cancels what is left when it closes.
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.call_soon(running.set)
            self._loop.run_forever()
