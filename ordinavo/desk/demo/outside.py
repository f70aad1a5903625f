"""The outside system of the demonstration: sends with its key, and hears what comes back."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ordinavo.desk.demo.ear import Ear, listening
from ordinavo.desk.demo.visitor import Refused

BASE = "/api/connect/v1"


class Outside:
    """An outside system with a key and, while it listens, an ear; `say` gets all that goes to and fro."""

    def __init__(self, url: str, key: str, say: Callable[[str], None]) -> None:
        place = urlsplit(url)
        self.host, self.port, self.key = place.hostname or "", place.port or 80, key
        self.say = say
        self.ear = Ear()

    def ask(self, method: str, path: str, body: Any = None, *, quietly: bool = False) -> Any:
        """Send a request and return what was answered; anything but 2xx is `Refused`."""
        status, answer = self._send(method, path, body)
        if not quietly:
            self.say(exchange(method, path, body, status, answer))
        if not 200 <= status < 300:
            raise Refused(f"{method} {path} was answered with {status}: {json.dumps(answer)}")
        return answer

    @contextmanager
    def told_of(self, *event_types: str) -> Iterator[None]:
        """Subscribe to these types for as long as the block lasts."""
        with listening() as self.ear:
            asked = {"url": f"http://127.0.0.1:{self.ear.port}/", "eventTypes": list(event_types)}
            made = self.ask("POST", "/webhooks/subscriptions", asked, quietly=True)
            self.ear.secret = made["secret"]
            shown = {**made, "secret": "whsec_… (shown this once)"}
            self.say(exchange("POST", "/webhooks/subscriptions", asked, 201, shown))
            try:
                yield
            finally:
                self.ask("DELETE", f"/webhooks/subscriptions/{made['id']}", quietly=True)

    def hear(self, event_type: str) -> Mapping[str, Any]:
        """Wait for a webhook, show it, and return its body."""
        heard = self.ear.wait_for(event_type)
        self.say(f"⇐ {heard.shown}")
        return heard.body

    def _send(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        link = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
            link.request(method, BASE + path, sent, headers)
            answer = link.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            link.close()


def exchange(method: str, path: str, body: Any, status: int, answer: Any) -> str:
    """Return a request and its answer as they are printed."""
    parts = [f"→ {method} {BASE}{path}"]
    if body is not None:
        parts.append(_pretty(body))
    parts.append(f"← {status}")
    if answer is not None:
        parts.append(_pretty(answer))
    return "\n".join(parts)


def _pretty(value: Any) -> str:
    return "\n".join(f"  {line}" for line in json.dumps(value, ensure_ascii=False, indent=2).splitlines())
