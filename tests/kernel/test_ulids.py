"""Ids that sort by time, and what is none."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import pytest
from django.utils import timezone

from ordinavo.kernel.ulids import first_ulid, new_ulid, new_ulids, shown_ulid, ulid_of, ulid_texts


def test_an_id_is_shown_and_read_back() -> None:
    made = new_ulid()
    shown = shown_ulid("evt", made)
    assert shown.startswith("evt_")
    assert len(shown) == 30
    assert ulid_of("evt", shown) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "evt",
        "evt_",
        "evt_0",
        "del_01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "EVT_01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "01JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "evt_01JZ8A2MT8G7C3Y7V0WQ1M9B3C0",
        "evt_81JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "evt_U1JZ8A2MT8G7C3Y7V0WQ1M9B3C",
        "evt_" + "٣" * 26,
        "evt_" + "0" * 10_000,
    ],
)
def test_what_is_no_id_of_the_kind_is_none(text: str) -> None:
    assert ulid_of("evt", text) is None


def test_ids_of_a_set_ascend_and_differ() -> None:
    made = new_ulids(1000)
    assert made == sorted(set(made))


def test_sets_that_are_made_within_one_millisecond_share_no_id() -> None:
    rows = [pk for _ in range(200) for pk in islice(ulid_texts(), 10)]
    rows += [pk.hex for _ in range(200) for pk in new_ulids(10)]
    assert len(set(rows)) == 4000


def test_the_first_id_of_a_time_lies_before_all_later_ones() -> None:
    now = timezone.now()
    assert first_ulid(now - timedelta(seconds=1)) < new_ulid() < first_ulid(now + timedelta(minutes=1))


def test_times_that_no_id_can_have_are_the_first_and_the_last_of_all() -> None:
    assert first_ulid(datetime(1, 1, 2, tzinfo=UTC)) == UUID(int=0)
    assert first_ulid(datetime(9999, 12, 30, tzinfo=UTC)) < UUID(int=2**128 - 1)
