"""Places are given to receivers that answer, and shared evenly."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from webhooks.delivery.window import START, Window, allot, rotated

rooms = st.dictionaries(st.integers(1, 50), st.integers(0, 12), max_size=30)
totals = st.integers(-3, 200)


def _width_after(outcomes: Sequence[bool], most: int) -> int:
    window = Window(most=most)
    for succeeded in outcomes:
        window.send()
        if succeeded:
            window.succeed()
        else:
            window.fail()
    assert window.under_way == 0
    return window.width


@given(st.lists(st.booleans()), st.integers(1, 20))
def test_a_window_is_never_wider_than_allowed_nor_closed(outcomes: list[bool], most: int) -> None:
    assert 1 <= _width_after(outcomes, most) <= most


@given(st.lists(st.booleans()), st.integers(0, 30))
def test_a_window_grows_by_one_with_each_success_after_the_last_failure(
    before: list[bool], good: int
) -> None:
    assert _width_after([*before, False, *[True] * good], 10) == min(1 + good, 10)


def test_a_new_window_is_small_and_an_old_one_is_as_wide_as_allowed() -> None:
    assert (Window(most=10).room, Window(most=1).room) == (START, 1)
    assert _width_after([True] * 20, 10) == 10


def test_what_is_under_way_takes_room_and_a_narrowed_window_has_none() -> None:
    window = Window(most=10, width=10)
    for _ in range(8):
        window.send()
    assert window.room == 2
    window.fail()
    assert (window.width, window.under_way, window.room) == (1, 7, 0)
    window.withdraw()
    assert (window.width, window.under_way) == (1, 6)


@given(rooms, totals)
def test_nobody_gets_more_than_its_room_and_all_places_are_used(rooms: dict[int, int], total: int) -> None:
    given_out = allot(rooms, total=total, order=sorted(rooms))
    assert all(0 < count <= rooms[key] for key, count in given_out.items())
    assert sum(given_out.values()) == max(0, min(total, sum(rooms.values())))


@given(rooms, totals)
def test_who_gets_less_than_its_room_gets_as_much_as_anybody_but_one(
    rooms: dict[int, int], total: int
) -> None:
    given_out = allot(rooms, total=total, order=sorted(rooms))
    most = max(given_out.values(), default=0)
    for key, room in rooms.items():
        got = given_out.get(key, 0)
        assert got == room or got >= most - 1


def test_where_places_are_few_those_first_in_order_get_them() -> None:
    assert allot({1: 5, 2: 5, 3: 5}, total=2, order=[3, 1, 2]) == {3: 1, 1: 1}
    assert allot({1: 5, 2: 5, 3: 5}, total=4, order=[3, 1, 2]) == {3: 2, 1: 1, 2: 1}


@given(st.sets(st.integers(1, 50)), st.integers(0, 50))
def test_turns_begin_behind_who_was_served_last(keys: set[int], last: int) -> None:
    turns = rotated(list(keys), after=last)
    assert sorted(turns) == sorted(keys)
    later = [key for key in turns if key > last]
    assert turns[: len(later)] == later == sorted(later)
