"""Names to addresses, by the machine's own resolver."""

import asyncio
import socket
import threading
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult

_AT_ONCE = 256
# Every address may cost a connection: a name must not make us knock at a thousand doors.
_ADDRESSES = 8


class Names(AbstractResolver):
    """Looks every name up in a thread of its own.

    A server that never answers holds a look-up for half a minute. In a shared pool a few dead names would
    hold up all others, and a pool's threads are waited for when the process ends; these are not.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses; OSError where there is none."""
        async with self._free:
            answer: asyncio.Future[list[ResolveResult]] = asyncio.get_running_loop().create_future()
            work = (answer, host, port, family)
            threading.Thread(target=_look_up, args=work, name="names", daemon=True).start()
            return await answer

    async def close(self) -> None:
        """Nothing to close."""


def _look_up(
    answer: "asyncio.Future[list[ResolveResult]]", host: str, port: int, family: socket.AddressFamily
) -> None:
    found: list[ResolveResult] | Exception
    try:
        found = _addresses_of(host, port, family)
    except (OSError, ValueError) as exc:
        found = exc
    # The loop may have ended while we waited for a silent server.
    with suppress(RuntimeError):
        answer.get_loop().call_soon_threadsafe(_settle, answer, found)


def _addresses_of(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=found,
            proto=protocol,
            flags=socket.AI_NUMERICHOST,
        )
        for found, _, protocol, _, address in socket.getaddrinfo(
            host, port, family=family, type=socket.SOCK_STREAM
        )
    ][:_ADDRESSES]


def _settle(answer: "asyncio.Future[list[ResolveResult]]", found: "list[ResolveResult] | Exception") -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
