from datetime import UTC, datetime, timedelta, timezone

import pytest

from ordinavo.kernel.instants import (
    INVALID,
    MESSAGES,
    OUT_OF_RANGE,
    ZONE_MISSING,
    NoInstant,
    instant,
    parse_instant,
)

EIGHT = datetime(2026, 7, 1, 8, tzinfo=UTC)
NO_INSTANTS: list[object] = [
    *(None, 5, 1.5, True, [], EIGHT),
    *("", "2026-07-01", "1751356800"),
    "2026-07-01 08:00:00Z",
    "2026-07-01T08:00Z",
    "2026-07-01T08Z",
    "2026-7-1T08:00:00Z",
    "20260701T080000Z",
    "2026-W27-3T08:00:00Z",
    "2026-02-30T08:00:00Z",
    "2026-07-01T24:00:01Z",
    "2026-07-01T08:00:61Z",
    "2026-07-01T08:00:00+25:00",
    "2026-07-01T08:00:00+0200",
    "2026-07-01T08:00:00.Z",
    "2026-07-01T08:00:00Z ",
    "2026-07-01T08:00:00[Europe/Berlin]",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01T08:00:00Z", EIGHT),
        ("2026-07-01t08:00:00z", EIGHT),
        ("2026-07-01T10:00:00+02:00", EIGHT),
        ("2026-06-30T22:00:00-10:00", EIGHT),
        ("2026-07-01T08:00:00-00:00", EIGHT),
        ("2026-07-01T08:00:00.5Z", EIGHT + timedelta(milliseconds=500)),
        ("2026-07-01T08:00:00.123456789Z", EIGHT + timedelta(microseconds=123456)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-02T00:00:00Z", datetime(1, 1, 2, tzinfo=UTC)),
    ],
)
def test_rfc_3339_is_read_as_utc(text: str, expected: datetime) -> None:
    read = parse_instant(text)
    assert (read, read.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[(value, INVALID) for value in NO_INSTANTS],
        ("2026-07-01T08:00:00", ZONE_MISSING),
        ("2026-07-01T08:00:00.5", ZONE_MISSING),
        ("0001-01-01T00:00:00Z", OUT_OF_RANGE),
        ("9999-12-31T23:59:59Z", OUT_OF_RANGE),
    ],
)
def test_what_is_no_instant_says_why(text: object, code: str) -> None:
    with pytest.raises(NoInstant, match="Must ") as refused:
        parse_instant(text)
    assert (refused.value.code, str(refused.value)) == (code, MESSAGES[code])


def test_instants_are_told_in_utc_with_z_and_what_is_read_again_is_the_same() -> None:
    told = instant(EIGHT + timedelta(microseconds=1))
    assert told == "2026-07-01T08:00:00.000001Z"
    assert parse_instant(told) == EIGHT + timedelta(microseconds=1)
    assert instant(EIGHT) == "2026-07-01T08:00:00Z"
    assert instant(None) is None


def test_an_instant_of_another_zone_keeps_it() -> None:
    berlin = timezone(timedelta(hours=2))
    assert parse_instant(instant(datetime(2026, 7, 1, 10, tzinfo=berlin))) == EIGHT
