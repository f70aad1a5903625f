"""Clocks of phones may be wrong; what they say must make sense."""

from datetime import UTC, datetime, timedelta

import pytest

from targets.visits.clock import happened

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (NOW - timedelta(hours=9), NOW - timedelta(hours=9)),
        (NOW - timedelta(days=13), NOW - timedelta(days=13)),
        (NOW, NOW),
        (NOW + timedelta(seconds=1), NOW),
        (NOW + timedelta(days=3650), NOW),
        (NOW - timedelta(days=15), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (datetime.min.replace(tzinfo=UTC), NOW),
        (datetime.max.replace(tzinfo=UTC), NOW),
        (datetime(2026, 7, 1, 12, 0), NOW),  # noqa: DTZ001
    ],
)
def test_what_makes_no_sense_is_now(told: datetime, meant: datetime) -> None:
    assert happened(told, now=NOW) == meant


def test_nothing_ends_before_it_began() -> None:
    began = NOW - timedelta(minutes=10)
    assert happened(NOW - timedelta(minutes=30), now=NOW, after=began) == began
    assert happened(NOW - timedelta(minutes=5), now=NOW, after=began) == NOW - timedelta(minutes=5)
