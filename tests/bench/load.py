"""A load generator that costs little: prepared bytes over kept-alive sockets, one thread a connection."""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

HOST = "127.0.0.1"


@dataclass(slots=True)
class Block:
    """What one block of requests cost: seconds a request, seconds in all, and the statuses that came."""

    times: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.times) / self.seconds

    @property
    def p50(self) -> float:
        """Median milliseconds of a request."""
        return median(self.times) * 1000

    @property
    def p99(self) -> float:
        """Milliseconds within which 99 of 100 requests were answered."""
        return quantiles(self.times, n=100)[98] * 1000


def request_bytes(method: str, path: str, key: str, body: bytes = b"", **headers: str) -> bytes:
    """Return a whole HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {key}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send_all(port: int, lanes: Sequence[Sequence[bytes]]) -> Block:
    """Send the requests of each lane over one connection, all lanes at the same time."""
    block, lock, barrier = Block(), threading.Lock(), threading.Barrier(len(lanes) + 1)

    def work(requests: Sequence[bytes]) -> None:
        with socket.create_connection((HOST, port)) as connection:
            barrier.wait()
            for request in requests:
                started = perf_counter()
                status = _exchange(connection, request)
                spent = perf_counter() - started
                with lock:
                    block.times.append(spent)
                    block.statuses.append(status)

    threads = [threading.Thread(target=work, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = perf_counter()
    for thread in threads:
        thread.join()
    block.seconds = perf_counter() - started
    return block


def _exchange(connection: socket.socket, request: bytes) -> int:
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return int(head[9:12])


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionError("The server closed the connection in the middle of an answer.")
    return piece


def interleaved(rounds: int, **makers: Callable[[], Block]) -> dict[str, list[Block]]:
    """Run the makers in turn, A B A B …, so that a noisy machine hits all alike."""
    blocks: dict[str, list[Block]] = {name: [] for name in makers}
    for _ in range(rounds):
        for name, make in makers.items():
            blocks[name].append(make())
    return blocks
