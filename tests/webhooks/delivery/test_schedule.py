"""Waits between attempts: the contract's steps, spread a little, and lengthened where the receiver asks."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinavo.settings import WEBHOOK_RETRY_SECONDS as WAITS
from webhooks.delivery.schedule import asked_wait, next_wait

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
chances = st.floats(0, 1)
attempts = st.integers(1, len(WAITS))


def _seconds(attempts_made: int, chance: float = 0.5, asked: float | None = None) -> float | None:
    wait = next_wait(
        attempts_made,
        waits=WAITS,
        chance=chance,
        asked=None if asked is None else timedelta(seconds=asked),
    )
    return None if wait is None else wait.total_seconds()


def test_ten_attempts_are_made_over_about_three_days() -> None:
    waits = [_seconds(number) for number in range(1, 12)]
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, None, None]
    assert sum(wait or 0 for wait in waits) / 86400 == pytest.approx(3.15, abs=0.01)


@given(attempts, chances)
def test_a_wait_is_spread_by_a_fifth_up_and_down(attempts_made: int, chance: float) -> None:
    wait = _seconds(attempts_made, chance)
    assert wait == pytest.approx(WAITS[attempts_made - 1] * (0.8 + 0.4 * chance), abs=1e-3)


@given(attempts, chances, st.floats(0, 10**7))
def test_a_receiver_lengthens_a_wait_up_to_the_next_step_and_never_shortens_it(
    attempts_made: int, chance: float, asked: float
) -> None:
    own, longest = _seconds(attempts_made, chance), [*WAITS, WAITS[-1]][attempts_made]
    wait = _seconds(attempts_made, chance, asked)
    assert own is not None
    assert wait == pytest.approx(max(own, min(asked, longest)), abs=1e-3)


@given(st.integers(len(WAITS) + 1, 100), chances, st.floats(0, 10**7))
def test_patience_ends_whatever_the_receiver_asks(attempts_made: int, chance: float, asked: float) -> None:
    assert _seconds(attempts_made, chance, asked) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), 180),
        (format_datetime(NOW - timedelta(minutes=3), usegmt=True), 0),
        ("Wed, 01 Jul 2026 08:00:09 -0000", 9),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(text: str, seconds: float) -> None:
    assert asked_wait(text, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "٣", "Wed, 99 Foo 2026 08:00:09 GMT"])
def test_nonsense_asks_for_nothing(text: str | None) -> None:
    assert asked_wait(text, now=NOW) is None


@given(st.text(max_size=60) | st.integers().map(str))
def test_no_header_of_any_kind_is_too_much(text: str) -> None:
    wait = asked_wait(text, now=NOW)
    assert wait is None or wait >= timedelta(0)
