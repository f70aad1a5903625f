"""`manage.py webhook_listener` as a process, called through our own door."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from ordinavo.kernel.outbound.door import Answer
from tests.bench.server import free_port
from tests.kernel.outbound.doors import opened, run
from webhooks.delivery.signing import new_secret, signature_headers

BODY = b'{"eventId":"evt_1"}'
SECRET = new_secret()


class Listener:
    """A running listener and what it has said."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.port = port
        self._lines: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(process.stdout,))
        self._reader.start()

    def said_until(self, end: str) -> list[str]:
        """Return the lines up to one that starts like this."""
        lines = [self._lines.get(timeout=20)]
        while not lines[-1].startswith(end):
            lines.append(self._lines.get(timeout=20))
        return lines

    def join(self) -> None:
        self._reader.join(10)

    def _read(self, out: object) -> None:
        for line in out:  # type: ignore[attr-defined]
            self._lines.put(line.rstrip("\n"))


@contextmanager
def listening(*words: str, **environment: str) -> Iterator[Listener]:
    port = free_port()
    command = [sys.executable, "manage.py", "webhook_listener", "--port", str(port), *words]
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        listener = Listener(process, port)
        try:
            yield listener
        finally:
            process.terminate()
            process.wait(10)
            listener.join()


def _deliver(port: int, *secrets: str) -> Answer:
    headers = signature_headers(
        event_id="evt_1",
        event_type="webhook.test",
        delivery_id="del_1",
        now=datetime.now(UTC),
        body=BODY,
        secrets=secrets,
    )
    answers: list[Answer] = []

    async def work() -> None:
        async with opened(timeout=10) as door:
            answers.append(await door.post(f"http://127.0.0.1:{port}/x/y", body=BODY, headers=headers))

    run(work)
    return answers[0]


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = ["127.0.0.1"]


@pytest.mark.slow
def test_it_verifies_answers_and_says_why_it_refuses() -> None:
    with listening("--secret", SECRET) as listener:
        listener.said_until(f"Listening on http://127.0.0.1:{listener.port}/")
        assert _deliver(listener.port, SECRET).status == 204
        said = listener.said_until("->")
        assert said[0] == "webhook.test"
        assert said[4:6] == ["  X-Ordinavo-Signature   accepted", "  webhook-signature      accepted"]
        assert said[-1] == "-> answered 204"
        assert _deliver(listener.port, new_secret()).status == 401
        said = listener.said_until("->")
        assert [line.split("REFUSED, ")[1][:29] for line in said if "REFUSED" in line] == [
            "it fits none of your secrets:"
        ] * 2
        assert SECRET not in "".join(said)


@pytest.mark.slow
def test_it_takes_secrets_from_the_environment_and_answers_as_told() -> None:
    with listening("--answer", "500", WEBHOOK_SECRET=f"{new_secret()},{SECRET}") as listener:
        listener.said_until("Listening on ")
        assert _deliver(listener.port, SECRET).status == 500
        assert "  webhook-signature      accepted" in listener.said_until("-> answered 500")


@pytest.mark.slow
def test_without_a_secret_it_says_that_it_verifies_nothing() -> None:
    with listening() as listener:
        assert listener.said_until("Listening on ")[0].startswith("No secret: signatures are not verified.")
        assert _deliver(listener.port, SECRET).status == 204
        assert not [line for line in listener.said_until("->") if "ignature" in line]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--secret", "abc"], "A secret starts with whsec_. Copy it whole."),
        (["--secret", "whsec_a"], "A secret is whsec_ and base64. Copy it whole."),
        (["--answer", "99"], "--answer must be a status from 200 to 599."),
        (["--port", "0"], "--port must be a number from 1 to 65535."),
    ],
)
def test_nonsense_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("webhook_listener", *words)
    assert str(caught.value) == why
