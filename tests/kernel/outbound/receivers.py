"""Real receivers on this machine that behave as badly as a test asks."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[["Request"], Awaitable[None]]


@dataclass
class Request:
    """One request that arrived whole, and the way back."""

    head: bytes
    body: bytes
    writer: asyncio.StreamWriter

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    def header(self, name: str) -> str | None:
        for line in self.head.decode().split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


@dataclass
class Receiver:
    """What a running receiver has seen."""

    host: str
    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/hook"


@asynccontextmanager
async def receiving(
    behave: Behaviour, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver that reads whole requests and leaves every answer to `behave`."""
    seen = Receiver(host, port)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        seen.connections += 1
        try:
            while (request := await _read(reader, writer)) is not None:
                seen.requests.append(request)
                await behave(request)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, host, port, ssl=tls, backlog=2048)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return Request(head, await reader.readexactly(length), writer)
    except asyncio.IncompleteReadError:
        return None


def answer(status: int, text: bytes = b"", **headers: str) -> Behaviour:
    """Answer every request with the same."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    raw = f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n{lines}\r\n".encode() + text

    async def behave(request: Request) -> None:
        await request.send(raw)

    return behave


def say(raw: bytes, *, then_close: bool = False) -> Behaviour:
    """Send the bytes as they are; leave the connection open, or close it."""

    async def behave(request: Request) -> None:
        await request.send(raw)
        if then_close:
            request.writer.close()
        else:
            await asyncio.sleep(60)

    return behave


def repeat(start: bytes, piece: bytes, *, pause: float = 0.0) -> Behaviour:
    """Send the start, then the piece again and again without end."""

    async def behave(request: Request) -> None:
        await request.send(start)
        while True:
            await request.send(piece)
            await asyncio.sleep(pause)

    return behave


def trickle(raw: bytes, *, pause: float) -> Behaviour:
    """Send the bytes one by one."""

    async def behave(request: Request) -> None:
        for byte in raw:
            await request.send(bytes([byte]))
            await asyncio.sleep(pause)

    return behave


async def silent(request: Request) -> None:
    """Never answer."""
    await asyncio.sleep(60)


async def reset(request: Request) -> None:
    """Cut the connection with a reset."""
    request.writer.transport.abort()
