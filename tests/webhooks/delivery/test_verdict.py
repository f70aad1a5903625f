"""What an answer means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.delivery.verdict import Fate, Verdict, judge

WAITS = (5, 300, 1800)


def _judge(status: int | None, error: str = "", *, made: int = 1, retry_after: str | None = None) -> Verdict:
    return judge(
        status=status,
        error=error,
        retry_after=retry_after,
        attempts_made=made,
        waits=WAITS,
        now=datetime(2026, 7, 1, tzinfo=UTC),
        chance=0.5,
    )


@given(st.integers(200, 299), st.integers(1, 20))
def test_any_2xx_is_delivered_at_whatever_attempt(status: int, made: int) -> None:
    assert _judge(status, made=made) == Verdict(Fate.DELIVERED)
    assert _judge(status, made=made).succeeded


@given(st.integers(100, 599).filter(lambda status: status != 410 and not 200 <= status < 300))
def test_all_else_is_tried_again_until_the_waits_are_used_up(status: int) -> None:
    fates = [_judge(status, made=made) for made in range(1, 6)]
    retries = [Verdict(Fate.RETRY, timedelta(seconds=wait)) for wait in WAITS]
    assert fates == [*retries, Verdict(Fate.FAILED), Verdict(Fate.FAILED)]
    assert not any(fate.succeeded for fate in fates)


@pytest.mark.parametrize("error", ["timeout", "connection_refused", "address_not_allowed"])
def test_without_an_answer_it_is_tried_again(error: str) -> None:
    assert _judge(None, error) == Verdict(Fate.RETRY, timedelta(seconds=5))


def test_a_2xx_that_broke_off_is_tried_again() -> None:
    assert _judge(200, "answer_interrupted").fate is Fate.RETRY


@given(st.integers(1, 20))
def test_410_means_never_again(made: int) -> None:
    assert _judge(410, made=made) == Verdict(Fate.GONE)


@pytest.mark.parametrize("status", [429, 503, 500])
def test_retry_after_counts_with_any_failure(status: int) -> None:
    assert _judge(status, retry_after="60") == Verdict(Fate.RETRY, timedelta(seconds=60))
    assert _judge(status, retry_after="86400") == Verdict(Fate.RETRY, timedelta(seconds=300))
