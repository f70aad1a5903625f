"""The listener's web server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import time

from aiohttp import web

from webhooks.listener.shown import shown_delivery
from webhooks.listener.verify import verify

_LARGEST_BODY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Receiver:
    """What to verify with (no secret: nothing is verified), what to answer, and where to print."""

    secrets: Sequence[str]
    answer: int
    say: Callable[[str], object]

    async def take(self, request: web.Request) -> web.Response:
        """Verify one delivery, print it, and answer: 401 where a signature was refused."""
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"}, text="Deliveries come by POST.\n")
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        findings = verify(headers, body, secrets=self.secrets, now=time()) if self.secrets else ()
        status = self.answer if all(finding.accepted for finding in findings) else 401
        self.say(shown_delivery(headers, body, findings=findings, status=status))
        return web.Response(status=status)


def application(receiver: Receiver) -> web.Application:
    """Return the server that takes deliveries on every path."""
    made = web.Application(client_max_size=_LARGEST_BODY)
    made.router.add_route("*", "/{path:.*}", receiver.take)
    return made


def listen(receiver: Receiver, *, host: str, port: int) -> None:
    """Serve until Ctrl-C; OSError if the port is taken."""
    shown = f"[{host}]" if ":" in host else host

    def announce(*_: object) -> None:
        receiver.say(f"Listening on http://{shown}:{port}/ (Ctrl-C ends it)")

    web.run_app(
        application(receiver),
        host=host,
        port=port,
        access_log=None,
        print=announce,
    )
