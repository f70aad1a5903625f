"""Long tables are looked through in steps, round and round, wherever the place is kept or lost."""

import pytest
import redis
from django.test import override_settings

from ordinavo.kernel import rounds
from ordinavo.kernel.redis import client
from ordinavo.tenants.models import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids() -> list[int]:
    rows = [Tenant.objects.create(slug=f"t-{number}", name="T") for number in range(5)]
    return [row.pk for row in rows]


def stepped(size: int, *, name: str = "x") -> list[int]:
    return rounds.step(name, Tenant.objects.all(), size=size)


def test_steps_go_through_all_rows_and_begin_again(ids: list[int]) -> None:
    assert [stepped(2) for _ in range(4)] == [ids[:2], ids[2:4], ids[4:], ids[:2]]


def test_after_a_last_step_that_was_full_comes_an_empty_one(ids: list[int]) -> None:
    assert [stepped(5) for _ in range(3)] == [ids, [], ids]


def test_rounds_of_other_names_go_on_their_own(ids: list[int]) -> None:
    assert (stepped(2), stepped(2, name="y"), stepped(2)) == (ids[:2], ids[:2], ids[2:4])


def test_a_lost_place_begins_the_round_anew(ids: list[int]) -> None:
    stepped(2)
    client().flushdb()
    assert stepped(2) == ids[:2]


def test_without_the_store_each_step_is_the_first(ids: list[int]) -> None:
    client.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        with pytest.raises(redis.RedisError):
            client().ping()
        assert (stepped(2), stepped(2)) == (ids[:2], ids[:2])
    client.cache_clear()
