"""The loop on a thread of its own."""

import asyncio
import threading
from concurrent.futures import CancelledError

import pytest

from ordinavo.kernel.outbound.door import Door, LoopThread
from tests.kernel.outbound.doors import post
from tests.kernel.outbound.receivers import answer, receiving


async def _thread_name() -> str:
    return threading.current_thread().name


def test_work_runs_on_one_thread_until_it_is_stopped() -> None:
    loop = LoopThread("calls")
    loop.start()
    loop.start()
    assert {loop.submit(_thread_name()).result(5) for _ in range(5)} == {"calls"}
    loop.stop()
    loop.stop()
    assert "calls" not in {thread.name for thread in threading.enumerate()}


def test_what_still_runs_is_cancelled_and_waited_for() -> None:
    ended: list[str] = []

    async def long() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.append("tidied up")

    loop = LoopThread()
    loop.start()
    running = loop.submit(long())
    loop.submit(asyncio.sleep(0)).result(5)
    loop.stop()
    assert ended == ["tidied up"]
    with pytest.raises(CancelledError):
        running.result(5)


def test_work_before_the_start_is_refused() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        LoopThread().submit(_thread_name())


def test_a_loop_that_was_stopped_starts_again() -> None:
    loop = LoopThread("again")
    for _ in range(2):
        loop.start()
        assert loop.submit(_thread_name()).result(5) == "again"
        loop.stop()


@pytest.mark.usefixtures("loopback")
def test_a_door_works_on_it_from_another_thread() -> None:
    loop = LoopThread()
    loop.start()
    door = Door(2.0, 10)

    async def exchange() -> int | None:
        async with receiving(answer(202)) as receiver:
            return (await post(door, receiver.url)).status

    assert loop.submit(exchange()).result(5) == 202
    loop.submit(door.close()).result(5)
    loop.stop()
