"""The receiver of the demonstration: takes webhooks on a free port of this machine, and verifies them."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from ordinavo.desk.demo.visitor import Refused
from webhooks.listener.shown import shown_delivery
from webhooks.listener.verify import verify

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A webhook that arrived; `shown` is how it is printed."""

    type: str
    body: Mapping[str, Any]
    accepted: bool
    shown: str


class Ear:
    """Hears what is sent to it; `secret` is known as soon as somebody has subscribed it."""

    def __init__(self) -> None:
        self.secret = ""
        self.port = 0
        self.heard: list[Heard] = []
        self._news = threading.Condition()

    def wait_for(self, event_type: str) -> Heard:
        """Return the newest webhook of this type, when it has come; one with a bad signature is `Refused`."""
        with self._news:
            if not self._news.wait_for(lambda: self._newest(event_type), timeout=PATIENCE):
                raise Refused(f"No {event_type} has come within {PATIENCE:g} s. Do the workers run?")
            newest = self._newest(event_type)
        if newest is None or not newest.accepted:
            raise Refused(f"The signature of {event_type} was refused.")
        return newest

    async def take(self, request: web.Request) -> web.Response:
        """Verify one delivery, keep it, and answer."""
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        findings = verify(headers, body, secrets=[self.secret], now=time.time())
        accepted = all(finding.accepted for finding in findings)
        status = 204 if accepted else 401
        shown = shown_delivery(headers, body, findings=findings, status=status)
        kind = headers.get("x-ordinavo-event-type", "")
        with self._news:
            self.heard.append(Heard(kind, json.loads(body), accepted, shown.rstrip()))
            self._news.notify_all()
        return web.Response(status=status)

    def _newest(self, event_type: str) -> Heard | None:
        return next((one for one in reversed(self.heard) if one.type == event_type), None)


@contextmanager
def listening() -> Iterator[Ear]:
    """Let an ear hear, on a thread of its own, until the block ends."""
    ear, loop = Ear(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="receiver", daemon=True)
    thread.start()
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_post("/{path:.*}", ear.take)
    runner = web.AppRunner(app, access_log=None)
    try:
        ear.port = _on(loop, _start(runner))
        yield ear
    finally:
        _on(loop, runner.cleanup())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        loop.close()


async def _start(runner: web.AppRunner) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


def _on(loop: asyncio.AbstractEventLoop, work: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)
