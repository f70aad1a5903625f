"""The lease on a pending suggestion: whoever holds it solves, everybody else goes away."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from targets.routes.models import RouteSuggestion

_PENDING = RouteSuggestion.Status.PENDING
_TELL_EVERY = 1.0


class Lost(Exception):
    """Another worker has the suggestion by now, or it is not to be planned any more."""


@dataclass
class Hold:
    """A claim on one suggestion. The moment until which it holds is also its name."""

    suggestion_id: int
    until: datetime
    lease: timedelta
    _told: float = field(default_factory=time.monotonic)

    def go_on(self, percent: int) -> bool:
        """Tell the progress and renew the claim, once a second at most; False if it is lost."""
        if time.monotonic() - self._told < _TELL_EVERY:
            return True
        self._told = time.monotonic()
        until = timezone.now() + self.lease
        if not _rows(self).update(lease_until=until, progress=percent):
            return False
        self.until = until
        return True

    def renew(self, percent: int) -> None:
        """Do the same now, or raise `Lost`."""
        self._told = 0.0
        if not self.go_on(percent):
            raise Lost

    def locked(self) -> RouteSuggestion:
        """Return the row, locked until the transaction ends, or raise `Lost`."""
        row = _rows(self).select_for_update().first()
        if row is None:
            raise Lost
        return row


def claim(suggestion_id: int) -> Hold | None:
    """Take a pending suggestion that nobody works on; None if there is no such one.

    What takes longer to plan may be silent for longer: not every step of it can be interrupted to tell.
    """
    now = timezone.now()
    free = RouteSuggestion.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), id=suggestion_id, status=_PENDING
    )
    budget = free.values_list("budget_seconds", flat=True).first()
    if budget is None:
        return None
    lease = timedelta(seconds=settings.ROUTES_LEASE_SECONDS + 2 * budget)
    taken = free.update(lease_until=now + lease, attempts=F("attempts") + 1, progress=0)
    return Hold(suggestion_id, now + lease, lease) if taken else None


def claim_silent(*, before: datetime) -> list[int]:
    """Return pending suggestions that nobody works on or was called for since; they count as called now."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    silent = RouteSuggestion.objects.filter(free, status=_PENDING, rung_at__lt=before)
    ids = list(silent.order_by("rung_at").values_list("id", flat=True)[: settings.ROUTES_MOST_RUNG])
    return [pk for pk in ids if silent.filter(id=pk).update(rung_at=now)]


def _rows(hold: Hold) -> QuerySet[RouteSuggestion]:
    return RouteSuggestion.objects.filter(id=hold.suggestion_id, status=_PENDING, lease_until=hold.until)
