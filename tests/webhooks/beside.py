"""Receivers that run beside a test, on a thread of their own, while the test itself dispatches."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, repeat

from ordinavo.kernel.outbound.loop import LoopThread
from tests.kernel.outbound.receivers import Behaviour, Receiver, Request, answer, receiving


@contextmanager
def beside(behave: Behaviour, *, port: int = 0) -> Iterator[Receiver]:
    """Run a receiver until the block ends."""
    loop = LoopThread("receiver")
    loop.start()
    running = receiving(behave, port=port)
    try:
        yield loop.submit(running.__aenter__()).result(timeout=5)
    finally:
        loop.submit(running.__aexit__(None, None, None)).result(timeout=5)
        loop.stop()


def in_turn(behaviours: Sequence[Behaviour]) -> Behaviour:
    """Behave differently each time; from the end on like the last one."""
    turns = chain(behaviours, repeat(behaviours[-1]))

    async def behave(request: Request) -> None:
        await next(turns)(request)

    return behave


def by_path(**behaviours: Behaviour) -> Behaviour:
    """Behave as the last part of the path says."""

    async def behave(request: Request) -> None:
        path = request.head.split(b" ", 2)[1].decode()
        await behaviours[path.rpartition("/")[2]](request)

    return behave


def after(seconds: float, status: int = 200) -> Behaviour:
    """Answer when so much time has passed."""

    async def behave(request: Request) -> None:
        await asyncio.sleep(seconds)
        await answer(status)(request)

    return behave


def event_ids(receiver: Receiver) -> list[str]:
    """The ids of the events that arrived, in order."""
    return [request.header("X-Ordinavo-Event-Id") or "" for request in receiver.requests]
