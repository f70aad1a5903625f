"""When the embedded PostgreSQL counts as ready, whose data it accepts."""

from pathlib import Path

import pytest

from ordinavo.local import postgres
from ordinavo.local.refusal import Refusal
from ordinavo.local.servant import hire

_WRITTEN = "4242\n/data\n1700000000\n5432\n/tmp/x\n\n  1 2\n"


@pytest.mark.parametrize(
    "content", ["", "4242", _WRITTEN, f"{_WRITTEN}starting\n", f"4243{_WRITTEN[4:]}ready   \n"]
)
def test_a_server_that_is_still_starting_or_another_one_is_not_ready(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    assert postgres.is_ready(tmp_path, 4242) is False


def test_a_server_is_ready_when_it_says_so(tmp_path: Path) -> None:
    assert postgres.is_ready(tmp_path, 4242) is False
    (tmp_path / "postmaster.pid").write_text(f"{_WRITTEN}ready   \n")
    assert postgres.is_ready(tmp_path, 4242) is True


def test_data_of_another_major_version_are_refused_and_left_as_they_are(closed: Path) -> None:
    data = closed / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(
        Refusal, match=r"was written by PostgreSQL 9 and this is \d+: see docs/operations\.md"
    ):
        postgres.prepare(hire(closed), data)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_the_url_survives_a_folder_with_odd_letters() -> None:
    assert postgres.url(Path("/tmp/a b&c")) == "postgresql://ordinavo@/ordinavo?host=/tmp/a%20b%26c"  # noqa: S108
