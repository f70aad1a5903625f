"""Requests under way on the loop thread, seen from the thread that talks to the database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from time import monotonic

import structlog
from django.utils import timezone

from ordinavo.kernel.outbound.door import Answer, Door, LoopThread
from webhooks.delivery.claim import Claim
from webhooks.delivery.receivers import Receiver
from webhooks.delivery.send import build

log = structlog.get_logger("ordinavo.webhooks")

# The error of an attempt that failed before anything was sent, through a fault of ours.
NOT_SENDABLE = "not_sendable"


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of a claim: the answer, or None where it was not sent or may not have arrived."""

    claim: Claim
    started_at: datetime
    answer: Answer | None


class Flights:
    """Sends claims through the door and brings back what came of each of them, in the order of their ends."""

    def __init__(self, loop: LoopThread, door: Door, *, seconds: float) -> None:
        self._loop = loop
        self._door = door
        self._longest = timedelta(seconds=seconds)
        self._landed: SimpleQueue[Landed] = SimpleQueue()
        self._tasks: set[asyncio.Task[None]] = set()
        self.under_way = 0

    def start(self, letters: Sequence[tuple[Claim, Receiver]]) -> None:
        """Send them all; returns at once."""
        self.under_way += len(letters)
        self._loop.submit(self._launch(letters))

    def collect(self, *, wait: float, gap: float, linger: float) -> list[Landed]:
        """Return what has landed.

        Waits up to `wait` seconds for the first one; then, up to `linger`, for those that come within `gap`
        of each other, since recording many costs little more than recording one.
        """
        landed: list[Landed] = []
        until, pause = monotonic() + wait, wait
        while pause > 0 or not self._landed.empty():
            try:
                landed.append(self._landed.get(timeout=max(0.0, pause)))
            except Empty:
                break
            if len(landed) == 1:
                until = monotonic() + linger
            pause = min(gap, until - monotonic())
        self.under_way -= len(landed)
        return landed

    def recall(self) -> None:
        """Break off what is under way; it lands without an answer."""
        self._loop.submit(self._cancel()).result(timeout=5)

    async def _launch(self, letters: Sequence[tuple[Claim, Receiver]]) -> None:
        for claim, receiver in letters:
            task = asyncio.create_task(self._fly(claim, receiver))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _fly(self, claim: Claim, receiver: Receiver) -> None:
        started_at = timezone.now()
        answer = None
        try:
            # A process that was frozen must not send what is somebody else's by now.
            if claim.lease - started_at >= self._longest:
                answer = await self._answer(claim, receiver, started_at)
        finally:
            self._landed.put(Landed(claim, started_at, answer))

    async def _answer(self, claim: Claim, receiver: Receiver, now: datetime) -> Answer:
        try:
            body, headers = build(claim, receiver, now=now)
        except Exception:  # whatever is wrong with one event must not stop the others
            log.exception("delivery_not_sendable", delivery_id=str(claim.delivery_id))
            return Answer(status=None, error=NOT_SENDABLE, text="", retry_after=None, duration_ms=0)
        return await self._door.post(receiver.url, body=body, headers=headers)
