"""Many receivers in one cheap process: reads no more of HTTP than it needs, notes when each request began.

Run as `python receiver.py HOW_MANY`. The path says how to answer: /now, /after/200 (milliseconds).
Says its port on the first line of its output; then a line `count`, `seen` or `forget` on its input is
answered by a line of JSON. Only the standard library, so that any environment can run it.
"""

import asyncio
import json
import resource
import socket
import sys
from time import monotonic

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
_EVENT, _LENGTH = b"\r\nx-ordinavo-event-id: ", b"\r\ncontent-length: "
_SOCKETS = 65_536

# When the first byte of each request came (seconds of the machine's clock), and of which event it told.
times: list[float] = []
events: list[str] = []


class Receiver(asyncio.Protocol):
    """One connection: whole requests in, one answer each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._held, self._began = transport, b"", 0.0

    def data_received(self, data: bytes) -> None:
        if not self._held:
            self._began = monotonic()
        self._held += data
        head, end, body = self._held.partition(b"\r\n\r\n")
        if end and len(body) >= int(_header(head.lower(), _LENGTH) or 0):
            self._take(head)

    def _take(self, head: bytes) -> None:
        times.append(self._began)
        events.append(_header(head.lower(), _EVENT).decode())
        self._held = b""
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/after/"):
            delay = int(path.removeprefix(b"/after/")) / 1000
            asyncio.get_running_loop().call_later(delay, self._transport.write, ANSWER)
        else:
            self._transport.write(ANSWER)


def address(number: int) -> str:
    """Return the loopback address of a receiver: each has one of its own, as receivers in the world do."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def _header(head: bytes, name: bytes) -> bytes:
    return head.partition(name)[2].partition(b"\r\n")[0]


def _bound(how_many: int) -> list[socket.socket]:
    """Return listening sockets, all with the port that the first one got."""
    sockets: list[socket.socket] = []
    for number in range(how_many):
        port = sockets[0].getsockname()[1] if sockets else 0
        sockets.append(socket.create_server((address(number), port), backlog=1024))
    return sockets


def _said(line: str) -> object:
    if line == "count":
        return len(times)
    if line == "seen":
        return [times, events]
    times.clear()
    events.clear()
    return None


async def main(how_many: int) -> None:
    """Listen until the input ends."""
    loop = asyncio.get_running_loop()
    sockets = _bound(how_many)
    for bound in sockets:
        await loop.create_server(Receiver, sock=bound)
    print(sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(_said(line.decode().strip())), flush=True)


if __name__ == "__main__":
    _hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_SOCKETS, _hard), _hard))
    asyncio.run(main(int(sys.argv[1])))
