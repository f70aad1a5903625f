"""Kept connections: whether they still live, and what is prepared on them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, connection
from django.utils import timezone

from ordinavo.kernel.database_url import database_config
from ordinavo.kernel.postgres import base

QUERY = "SELECT query FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def kept(db: None) -> Iterator[base.DatabaseWrapper]:
    """A connection of its own, which has answered just now."""
    own = connection.copy()
    own.ensure_connection()
    assert own.is_usable()
    yield own  # type: ignore[misc]
    own.close()


def _ask(statement: str, *parameters: str | int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def _pid(kept: base.DatabaseWrapper) -> int:
    return int(kept.connection.info.backend_pid)


def _say(kept: base.DatabaseWrapper, statement: str) -> None:
    with kept.cursor() as cursor:
        cursor.execute(statement)


def test_a_connection_that_answered_just_now_is_not_asked_again(kept: base.DatabaseWrapper) -> None:
    _say(kept, "SELECT 'the last statement'")
    assert kept.is_usable()
    assert _ask(QUERY, _pid(kept)) == ("SELECT 'the last statement'",)


def test_a_connection_is_asked_again_after_a_while(
    kept: base.DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "ASK_AGAIN", 0.0)
    _say(kept, "SELECT 'the last statement'")
    assert kept.is_usable()
    assert _ask(QUERY, _pid(kept)) == ("SELECT 1",)


def test_a_connection_that_the_server_ended_just_now_is_not_usable(kept: base.DatabaseWrapper) -> None:
    assert _ask("SELECT pg_terminate_backend(%s, 5000)", _pid(kept)) == (True,)
    assert not kept.is_usable()
    assert not kept.is_usable()


def test_a_connection_whose_transaction_failed_is_not_usable(kept: base.DatabaseWrapper) -> None:
    kept.set_autocommit(False)
    with pytest.raises(DataError):
        _say(kept, "SELECT 1 / 0")
    assert not kept.is_usable()
    kept.rollback()
    assert kept.is_usable()


def test_a_connection_that_was_closed_is_not_usable(kept: base.DatabaseWrapper) -> None:
    kept.connection.close()
    assert not kept.is_usable()


def test_a_statement_that_comes_again_and_again_is_prepared(db: None) -> None:
    for number in range(6):
        assert _ask("SELECT %s::int AS prepared_for_this_test", number) == (number,)
    prepared = _ask("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", "%this_test%")
    assert prepared == (1,)


def test_nothing_is_prepared_where_a_pooler_forbids_it() -> None:
    options = database_config("postgresql:///x", prepares=False)["OPTIONS"]
    assert (options["server_side_binding"], options["prepare_threshold"]) == (False, None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-07-01 08:00:00+00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01 08:00:00.000001+02", datetime(2026, 7, 1, 6, 0, 0, 1, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_instants_are_read_in_utc(db: None, written: str, read: datetime) -> None:
    [found] = _ask("SELECT %s::timestamptz", written)
    assert (found, found.tzinfo) == (read, UTC)


@pytest.mark.parametrize(
    "written", ["infinity", "-infinity", "10000-01-01 00:00:00+00", "0001-01-01 00:00:00+00 BC"]
)
def test_instants_beyond_the_calendar_are_refused(db: None, written: str) -> None:
    with pytest.raises(DataError):
        _ask("SELECT %s::timestamptz", written)


def test_a_connection_in_another_zone_reads_instants_in_that_zone(db: None) -> None:
    with timezone.override("Europe/Berlin"):
        [found] = _ask("SELECT %s::timestamptz", "2026-07-01 08:00:00+00")
    assert found == datetime(2026, 7, 1, 8, tzinfo=UTC)
