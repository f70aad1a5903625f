"""The one door to the internet: asks a URL of somebody else's and says what came of it."""

import asyncio
import logging
import resource
import socket
import ssl
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic

from aiohttp import (
    AddrInfoType,
    ClientConnectorError,
    ClientOSError,
    ClientResponse,
    ClientSession,  # noqa: TID251 - this is the door
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver

from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.outbound import faults
from ordinavo.kernel.outbound.judge import Judged
from ordinavo.kernel.outbound.loop import LoopThread
from ordinavo.kernel.outbound.names import Names
from ordinavo.kernel.outbound.urls import allowed_targets, judged

__all__ = ["Answer", "Door", "LoopThread"]
log = logging.getLogger(__name__)

MOST_READ = 16 * 1024
# The kernel's buffer of a connection. A receiver that sends without end fills it and waits; without it one
# turn of the loop could bring 256 KiB from each of a thousand.
_RECEIVE_BUFFER = 32 * 1024
_KEPT_OPEN_SECONDS = 15
_HEADERS = {"User-Agent": "Ordinavo-Connect/1", "Accept": "*/*", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call.

    `status` is None where no answer came; `error` a code of `faults`, empty where the answer is whole; `text`
    the first 16 KiB of the body, or as much as was asked for; `retry_after` the header as sent; `duration_ms`
    the time in milliseconds.
    """

    status: int | None
    error: str
    text: str
    retry_after: str | None
    duration_ms: int


@dataclass(slots=True)
class _Call:
    """What the socket factory must know of the call it opens a socket for, and tells of it."""

    trusted: bool
    refused: bool = False
    fresh: bool = False


@dataclass(slots=True)
class _Heard:
    """What has come so far: a fault may break an answer off. No more than `most` bytes are taken."""

    most: int = MOST_READ
    status: int | None = None
    retry_after: str | None = None
    body: bytes = b""


_CALL: ContextVar[_Call] = ContextVar("call")


@dataclass(frozen=True, slots=True)
class _Request:
    """What is to be sent."""

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]


class Door:
    """A lasting session on the running loop, at most `most` calls at once, each `timeout` seconds in all.

    The address is checked when its socket is made, so neither a second look-up nor an address in the URL gets
    past. No redirects, proxies, cookies or stored passwords; the answer's body is taken as it comes, never
    unpacked. Certificates are checked against the system's store unless `tls` brings another one. `judge`
    decides about URLs.
    """

    def __init__(
        self,
        timeout: float,
        most: int,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        judge: Callable[[str], Judged] = judged,
    ) -> None:
        self._timeout = timeout
        self._most = most
        self._resolver = resolver
        self._tls = tls
        self._judge = judge
        self._session: ClientSession | None = None
        self._free = asyncio.Semaphore(most)

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], most_read: int = MOST_READ
    ) -> Answer:
        """Send the body; never raises for anything that a receiver can do.

        Waiting for one of the `most` places is not part of the time.
        """
        return await self._call(_Request("POST", url, body, headers), most_read)

    async def get(self, url: str, *, most_read: int = MOST_READ) -> Answer:
        """Ask a URL and take so many bytes of the answer; never raises either."""
        return await self._call(_Request("GET", url, None, {}), most_read)

    async def _call(self, request: _Request, most_read: int) -> Answer:
        async with self._free:
            begun = monotonic()
            heard = _Heard(most_read)
            error = await self._error_of(request, heard)
            text = heard.body.decode(errors="replace").replace("\x00", "\ufffd")
            duration_ms = round((monotonic() - begun) * 1000)
            return Answer(heard.status, error, text, heard.retry_after, duration_ms)

    async def close(self) -> None:
        """Close all connections; the next post opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _error_of(self, request: _Request, heard: _Heard) -> str:
        call = _Call(trusted=False)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(self._judge(request.url), call, request, heard)
        except DomainError as refusal:
            return refusal.code
        except faults.KNOWN as exc:
            return faults.code_of(exc, refused=call.refused, answered=heard.status is not None)
        except Exception:
            log.exception("A call failed in an unknown way.")
            return faults.FAILED

    async def _send(self, target: Judged, call: _Call, request: _Request, heard: _Heard) -> str:
        call.trusted = target.trusted
        _CALL.set(call)
        while True:
            try:
                return await self._exchange(target, request, heard)
            except (ServerDisconnectedError, ClientOSError) as exc:
                # A kept connection that the receiver has just closed is no failure of the receiver's.
                if call.fresh or heard.status is not None or isinstance(exc, ClientConnectorError):
                    raise

    async def _exchange(self, target: Judged, request: _Request, heard: _Heard) -> str:
        asked = self._opened().request(
            request.method, target.url, data=request.body, headers=request.headers, allow_redirects=False
        )
        async with asked as response:
            heard.status = response.status
            heard.retry_after = response.headers.get("Retry-After")
            await _read(response, heard)
            return faults.REDIRECT if 300 <= response.status < 400 else ""

    def _opened(self) -> ClientSession:
        if self._session is None:
            _allow_files(self._most)
            self._session = ClientSession(
                connector=self._connector(),
                cookie_jar=DummyCookieJar(),
                headers=_HEADERS,
                timeout=ClientTimeout(total=None, sock_connect=None),
                auto_decompress=False,
                trust_env=False,
                read_bufsize=MOST_READ // 2,
            )
        return self._session

    def _connector(self) -> TCPConnector:
        return TCPConnector(
            ssl=self._tls or ssl.create_default_context(),
            limit=0,
            keepalive_timeout=_KEPT_OPEN_SECONDS,
            resolver=self._resolver or Names(),
            socket_factory=_guarded_socket,
        )


def _guarded_socket(info: AddrInfoType) -> socket.socket:
    """Make the socket for one address, or refuse it; nothing is connected to that did not come by here."""
    family, kind, protocol, _, target = info
    call = _CALL.get()
    address = ip_address(str(target[0]).partition("%")[0])
    if not (call.trusted or allowed_targets().lets_through(address)):
        call.refused = True
        raise PermissionError("address not allowed")
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    call.fresh = True
    return made


async def _read(response: ClientResponse, heard: _Heard) -> None:
    while len(heard.body) < heard.most:
        piece = await response.content.read(heard.most - len(heard.body))
        if not piece:
            return
        heard.body += piece
    if not response.content.at_eof():
        response.close()


def _allow_files(most: int) -> None:
    # The usual soft limit of 1,024 open files is less than the calls that may be open at once.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * most + 1024
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
