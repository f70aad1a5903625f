"""Short ways to the door for tests, and a resolver of our own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from aiohttp.abc import AbstractResolver, ResolveResult

from ordinavo.kernel.outbound.door import Answer, Door
from tests.kernel.outbound.receivers import Behaviour, receiving

BODY = b'{"eventId":"evt_1"}'


class Book(AbstractResolver):
    """Answers from a list of answers for every name: one after the other, the last one for ever."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.answers = {name.replace("_", ".") + ".example": list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self.answers[host.removesuffix(".").lower()]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def opened(
    *,
    timeout: float = 2.0,
    most: int = 100,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Door]:
    door = Door(timeout, most, resolver=resolver, tls=tls)
    try:
        yield door
    finally:
        await door.close()
        # Transports that were cut are freed in the loop's next turns.
        await asyncio.sleep(0.01)


async def post(door: Door, url: str, **headers: str) -> Answer:
    return await door.post(url, body=BODY, headers={"Content-Type": "application/json", **headers})


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine, on a thread of its own: a browser's loop may be running on this one."""

    async def main() -> None:
        await work()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, main()).result()


def answer_of(behave: Behaviour, *, timeout: float = 2.0) -> Answer:
    """Return what the door makes of a receiver that behaves like this."""
    got: list[Answer] = []

    async def work() -> None:
        async with receiving(behave) as receiver, opened(timeout=timeout) as door:
            got.append(await post(door, receiver.url))

    run(work)
    return got[0]
