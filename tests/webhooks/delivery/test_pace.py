"""A dispatcher looks often while things move and seldom when they don't."""

import pytest

from webhooks.delivery.pace import LONGEST, SHORTEST, Pace


def _pauses(seconds: float, *, moved_at: float = 0.0) -> list[float]:
    pace, now, pauses = Pace(), 0.0, []
    pace.move(moved_at)
    while now < seconds:
        pauses.append(pace.next_pause(now, until_next=None))
        now += pauses[-1]
    return pauses


def test_half_a_second_long_it_looks_forty_times_a_second() -> None:
    assert set(_pauses(0.5)) == {SHORTEST}


def test_then_ever_less_often_so_that_two_idle_seconds_cost_few_looks() -> None:
    assert [pause for pause in _pauses(2.0) if pause > SHORTEST] == pytest.approx(
        [0.05, 0.1, 0.2, 0.4, 0.4, 0.4]
    )


def test_what_will_be_due_is_not_slept_over() -> None:
    pace = Pace()
    assert pace.next_pause(0.0, until_next=0.01) == 0.01
    assert pace.next_pause(0.0, until_next=-3.0) == 0.0
    for _ in range(9):
        assert pace.next_pause(0.0, until_next=100.0) <= LONGEST


def test_a_dispatcher_that_has_done_nothing_is_idle_from_the_start() -> None:
    pace = Pace()
    assert pace.is_idle(0.0, after=2)
    pace.move(10.0)
    assert (pace.is_idle(11.9, after=2), pace.is_idle(12.0, after=2)) == (False, True)
