"""Asks the routing server for the ways between places, in blocks and with a time limit for all of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from yarl import URL

from ordinavo.kernel.outbound.allowed import Allowed, read_allowed
from ordinavo.kernel.outbound.door import Answer, Door, LoopThread
from ordinavo.kernel.outbound.judge import Judged, judge
from targets.routes.planning.problem import Ints, Matrix, Place
from targets.routes.planning.travel.tables import Block, Unusable, blocks, joined, parsed, require_sense

_AT_ONCE = 4
_MOST_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """A routing server of the operator's: what kind it is, and where."""

    kind: str
    url: str

    def matrix(self, places: Sequence[Place]) -> Matrix:
        """Return all ways; raises `Unusable` if the server is away, slow, or does not answer as it should."""
        loop = LoopThread("routing")
        loop.start()
        try:
            return loop.submit(_matrix(self, places)).result()
        finally:
            loop.stop()


def configured() -> Server | None:
    """Return the server of the settings, if there is one."""
    url = settings.ROUTING_URL
    return Server(settings.ROUTING_KIND, url) if url else None


async def _matrix(server: Server, places: Sequence[Place]) -> Matrix:
    allowed = _only(server.url)

    def trusted(url: str) -> Judged:
        return Judged(judge(url, allowed).url, trusted=True)

    door = Door(settings.ROUTING_TIMEOUT_SECONDS, _AT_ONCE, judge=trusted)
    asked = list(blocks(server.kind, server.url, places))
    try:
        async with asyncio.timeout(settings.ROUTING_TIMEOUT_SECONDS):
            answers = await _all(server, door, asked)
    except TimeoutError:
        raise Unusable("no answer in time") from None
    finally:
        await door.close()
    matrix = joined(len(places), list(zip(asked, answers, strict=True)))
    require_sense(places, matrix)
    return matrix


async def _all(server: Server, door: Door, asked: Sequence[Block]) -> list[tuple[Ints, Ints]]:
    """Ask for the blocks side by side; the first that fails ends all others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_block(server, door, block)) for block in asked]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def _block(server: Server, door: Door, block: Block) -> tuple[Ints, Ints]:
    answer = await _asked(door, block)
    if answer.error:
        raise Unusable(answer.error.replace("_", " "))
    if answer.status != 200:
        raise Unusable(f"status {answer.status}")
    return parsed(server.kind, block, answer.text)


async def _asked(door: Door, block: Block) -> Answer:
    if block.body is None:
        return await door.get(block.url, most_read=_MOST_READ)
    headers = {"Content-Type": "application/json"}
    return await door.post(block.url, body=block.body, headers=headers, most_read=_MOST_READ)


def _only(url: str) -> Allowed:
    """Let the operator's own server be called, wherever it stands, and nothing else."""
    return read_allowed([str(URL(url).host)])
