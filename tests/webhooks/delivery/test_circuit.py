"""When a receiver is left alone, and how it is found to live again."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from webhooks.delivery.circuit import Health, Policy, Seen, after, room_of

START = datetime(2026, 7, 1, tzinfo=UTC)
POLICY = Policy(failures=3, shortest=timedelta(seconds=5), longest=timedelta(seconds=300))


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _seen(succeeded: bool, at: float, *, by_hand: bool = False, took: float = 0.1) -> Seen:
    return Seen(succeeded, _at(at - took), _at(at), by_hand)


@st.composite
def histories(draw: st.DrawFn) -> list[Seen]:
    """Attempts one after the other."""
    steps = draw(st.lists(st.tuples(st.booleans(), st.floats(1, 500), st.booleans()), max_size=30))
    ends = accumulate(wait for _, wait, _ in steps)
    return [_seen(good, at, by_hand=hand) for (good, _, hand), at in zip(steps, ends, strict=True)]


@given(histories())
def test_the_streak_counts_failures_after_the_last_success(history: list[Seen]) -> None:
    health = after(Health(), history, POLICY)
    counted = [seen for seen in history if not seen.by_hand]
    successes = [seen.ended_at for seen in counted if seen.succeeded]
    streak: list[Seen] = []
    for seen in counted:
        streak = [] if seen.succeeded else [*streak, seen]
    assert health.failure_streak == len(streak)
    assert health.failing_since == (streak[0].ended_at if streak else None)
    assert health.last_success_at == max(successes, default=None)


@given(histories())
def test_a_circuit_is_open_within_bounds_and_only_after_enough_failures(history: list[Seen]) -> None:
    health = Health()
    for seen in history:
        before, health = health, after(health, [seen], POLICY)
        if health.circuit_open_until not in {None, before.circuit_open_until}:
            assert health.circuit_open_until is not None
            wait = health.circuit_open_until - seen.ended_at
            assert POLICY.shortest <= wait <= POLICY.longest
            assert health.failure_streak >= POLICY.failures


def test_the_third_failure_opens_the_circuit_for_the_shortest_time() -> None:
    health = after(Health(), [_seen(False, 1), _seen(False, 2)], POLICY)
    assert (health.failure_streak, health.circuit_open_until) == (2, None)
    health = after(health, [_seen(False, 3)], POLICY)
    assert health == Health(_at(1), 3, None, _at(8))


def test_what_was_under_way_when_it_opened_does_not_lengthen_it() -> None:
    health = Health(_at(1), 3, None, _at(8))
    late = after(health, [_seen(False, 9, took=5)], POLICY)
    assert (late.failure_streak, late.circuit_open_until) == (4, _at(8))


def test_each_failed_probe_doubles_the_wait_up_to_the_longest() -> None:
    health, waits, now = Health(_at(0), 3, None, _at(10)), [], 10.0
    for _ in range(7):
        health = after(health, [_seen(False, now, took=0)], POLICY)
        assert health.circuit_open_until is not None
        waits.append((health.circuit_open_until - _at(now)).total_seconds())
        now += waits[-1]
    assert waits == [10, 20, 40, 80, 160, 300, 300]


def test_one_success_ends_it_all() -> None:
    assert after(Health(_at(0), 9, None, _at(10)), [_seen(True, 11)], POLICY) == Health(
        last_success_at=_at(11)
    )


def test_what_was_asked_for_by_hand_belongs_to_no_streak_but_shows_whether_the_receiver_lives() -> None:
    failing = Health(_at(0), 9, None, _at(10))
    assert after(failing, [_seen(False, 10, by_hand=True)], POLICY) == failing
    assert after(failing, [_seen(False, 11, by_hand=True)], POLICY) == Health(_at(0), 9, None, _at(22))
    assert after(failing, [_seen(True, 11, by_hand=True)], POLICY) == Health(_at(0), 9, None, None)
    assert after(Health(), [_seen(False, 11, by_hand=True)], POLICY) == Health()


def test_patience_is_counted_from_the_first_failure() -> None:
    days = timedelta(days=5)
    assert not Health().is_failing_for(days, now=_at(0))
    assert not Health(_at(1)).is_failing_for(days, now=_at(0) + days)
    assert Health(_at(0)).is_failing_for(days, now=_at(0) + days)


def test_an_open_circuit_lets_nothing_through_then_a_single_probe() -> None:
    def room(until: float | None, under_way: int) -> int:
        open_until = None if until is None else _at(until)
        return room_of(4, open_until=open_until, under_way=under_way, now=_at(10))

    assert [room(None, 0), room(None, 3)] == [4, 4]
    assert [room(11, 0), room(11, 3)] == [0, 0]
    assert [room(10, 0), room(9, 0), room(9, 1)] == [1, 1, 0]
