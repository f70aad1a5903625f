"""Bodies without Content-Length: Django reads them as empty, so they are measured before it sees them."""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

from ordinavo.kernel.json_door import LARGEST_LIMIT

_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_measured_bodies(application: WsgiApp) -> WsgiApp:
    """WSGI wrapper: gives a chunked body the Content-Length it turned out to have.

    Reading stops one byte past the largest limit, which the JSON door then refuses as too large.
    """

    def measured(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return application(environ, start_response)
        # Larger bodies lie in a file; the answer is made, though not yet sent, when the application returns.
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            _measure(environ, body)
            return application(environ, start_response)

    return measured


def _measure(environ: dict[str, Any], body: Any) -> None:
    length = 0
    while length <= LARGEST_LIMIT:
        piece = environ["wsgi.input"].read(min(_PIECE, LARGEST_LIMIT + 1 - length))
        if not piece:
            break
        length += body.write(piece)
    body.seek(0)
    environ["wsgi.input"] = body
    environ["CONTENT_LENGTH"] = str(length)
