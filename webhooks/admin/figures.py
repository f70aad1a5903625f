"""How receivers do, by their last attempts: one bounded statement for a whole page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

LOOKED_AT = 100
_GOOD, _FAIR = 95, 50

_READ = """
SELECT subscription.id, count(*),
    count(*) FILTER (WHERE attempt.status_code BETWEEN 200 AND 299 AND attempt.error = ''),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY attempt.duration_ms)
FROM unnest(%s::bigint[]) AS subscription (id)
CROSS JOIN LATERAL (
    SELECT status_code, error, duration_ms FROM webhooks_attempt
    WHERE subscription_id = subscription.id ORDER BY id DESC LIMIT %s
) AS attempt
GROUP BY subscription.id
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """The last attempts of a subscription: how many, how many of them succeeded, their median in ms."""

    attempts: int = 0
    succeeded: int = 0
    median_ms: int | None = None

    @property
    def percent(self) -> int:
        """The share that succeeded, rounded down: 100 means all."""
        return 100 * self.succeeded // self.attempts if self.attempts else 0

    @property
    def kind(self) -> str:
        """The kind of badge."""
        return "good" if self.percent >= _GOOD else "warn" if self.percent >= _FAIR else "bad"


NONE = Figures()


def figures_of(subscription_ids: Collection[int]) -> Mapping[int, Figures]:
    """Return the figures by subscription, by at most `LOOKED_AT` attempts each; nothing without attempts."""
    if not subscription_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(subscription_ids), LOOKED_AT])
        return {pk: Figures(*counted) for pk, *counted in cursor.fetchall()}


def length(milliseconds: int) -> str:
    """Return a duration as people say it: `85 ms`, `2.4 s`."""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
