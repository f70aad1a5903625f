"""Where the web server listens: reading HOST and PORT, refusing a taken port, asking for its health."""

import errno
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from ordinavo.local.refusal import Refusal

_DEFAULT_HOST, _DEFAULT_PORT = "127.0.0.1", "8000"
_OK = 200


@dataclass(frozen=True)
class Address:
    """The address that the web server binds."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """The host under which this machine itself reaches the server."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def is_healthy(self) -> bool:
        """Tell whether /readyz answers 200."""
        link = http.client.HTTPConnection(self.reachable_host, self.port, timeout=1)
        try:
            link.request("GET", "/readyz")
            return link.getresponse().status == _OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def address_of(environ: Mapping[str, str]) -> Address:
    """Read HOST and PORT."""
    port = environ.get("PORT") or _DEFAULT_PORT
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise Refusal(f"PORT must be a whole number from 1 to 65535, not {port!r}.")
    return Address(host=environ.get("HOST") or _DEFAULT_HOST, port=int(port))


def refuse_taken(address: Address) -> None:
    """Refuse an address that the web server could not bind."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise Refusal(f"HOST must be an address of this machine, not {address.host!r}.") from None
    with socket.socket(found[0], socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(found[4])
        except OSError as exc:
            raise Refusal(_why(exc, address)) from None


def _why(exc: OSError, address: Address) -> str:
    if exc.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} is taken: end what uses it, or choose another one"
            f" with `make run PORT={min(address.port + 1, 65535)}`."
        )
    if exc.errno == errno.EACCES:
        return f"Port {address.port} needs more rights than this user has: choose one above 1023."
    return f"HOST must be an address of this machine, not {address.host!r}."
