"""What a dispatcher has in its hands: claims under way, results to be recorded, claims to be given back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from webhooks.delivery import settled
from webhooks.delivery.circuit import room_of
from webhooks.delivery.claim import Claim, Due, cancel, claim, release
from webhooks.delivery.flights import Flights, Landed
from webhooks.delivery.receivers import receivers
from webhooks.delivery.record import Result, judged, record
from webhooks.delivery.window import Window, allot, rotated

# Results are recorded together: those that come close upon each other, within so many seconds of the first.
_GAP_SECONDS, _GATHER_SECONDS = 0.002, 0.02
# Receivers that have not answered are tried in small numbers. Hundreds of dead ones that are called together
# time out together, and whoever is alive would have to wait while that is written down.
_DOUBTFUL_A_TURN = 8


class Carrier:
    """Takes, sends, lands and stores deliveries; a method that met a database error may be called again."""

    def __init__(self, flights: Flights) -> None:
        self._flights = flights
        self._windows: dict[int, Window] = defaultdict(_new_window)
        self._results: list[Result] = []
        self._unsent: list[Claim] = []
        self._served_last = {True: 0, False: 0}

    @property
    def under_way(self) -> int:
        """How many requests have not come back."""
        return self._flights.under_way

    @property
    def is_empty(self) -> bool:
        """Whether nothing is under way or waits to be recorded."""
        return not (self.under_way or self._results or self._unsent)

    def take(self, dues: Sequence[Due], *, now: datetime) -> bool:
        """Claim as much of what is due as there is room for, and send it; return whether there was any."""
        rooms = {due.subscription_id: self._room(due, now) for due in dues if due.ready_at <= now}
        free = settings.WEBHOOK_IN_FLIGHT - self.under_way
        shares = self._share(rooms, answering=True, total=free)
        doubtful = min(_DOUBTFUL_A_TURN, free - sum(shares.values()))
        shares |= self._share(rooms, answering=False, total=doubtful)
        if not shares:
            return False
        claims = claim(shares, now=now, lease=now + timedelta(seconds=settings.WEBHOOK_LEASE_SECONDS))
        if claims:
            self._send(claims, now)
        return bool(claims)

    def land(self, wait: float) -> bool:
        """Take in what comes back within so many seconds; return whether anything did."""
        landed = self._flights.collect(wait=wait, gap=_GAP_SECONDS, linger=_GATHER_SECONDS)
        for flight in landed:
            self._take_in(flight)
        return bool(landed)

    def store(self) -> None:
        """Record results and give back what was not sent; what fails is kept for the next call."""
        if self._results:
            ended = record(self._results)
            self._results = []
            settled.tell(ended)
        if self._unsent:
            release(self._unsent, now=timezone.now())
            self._unsent = []

    def recall(self) -> None:
        """Break off what is under way; it lands, and is given back."""
        self._flights.recall()

    def _share(self, rooms: Mapping[int, int], *, answering: bool, total: int) -> dict[int, int]:
        """Share places among receivers that answer, or among the others, beginning behind who was last."""
        theirs = {key: room for key, room in rooms.items() if self._windows[key].answers is answering}
        order = rotated(list(theirs), after=self._served_last[answering])
        shares = allot(theirs, total=total, order=order)
        if shares:
            self._served_last[answering] = list(shares)[-1]
        return shares

    def _room(self, due: Due, now: datetime) -> int:
        window = self._windows[due.subscription_id]
        return room_of(window.room, open_until=due.circuit_open_until, under_way=window.under_way, now=now)

    def _send(self, claims: list[Claim], now: datetime) -> None:
        # Should the database go away just now, they are given back.
        self._unsent += claims
        found = receivers({claim.subscription_id for claim in claims}, now=now)
        wanted = [(claim, found[claim.subscription_id]) for claim in claims]
        cancel([claim for claim, to in wanted if not to.wants(by_hand=claim.by_hand)], now=now)
        del self._unsent[-len(claims) :]
        letters = [(claim, to) for claim, to in wanted if to.wants(by_hand=claim.by_hand)]
        for sent, _ in letters:
            self._windows[sent.subscription_id].send()
        self._flights.start(letters)

    def _take_in(self, flight: Landed) -> None:
        window = self._windows[flight.claim.subscription_id]
        if flight.answer is None:
            window.withdraw()
            self._unsent.append(flight.claim)
            return
        result = judged(flight, flight.answer)
        self._results.append(result)
        if result.verdict.succeeded:
            window.succeed()
        else:
            window.fail()


def _new_window() -> Window:
    return Window(most=settings.WEBHOOK_IN_FLIGHT_PER_SUBSCRIPTION)
